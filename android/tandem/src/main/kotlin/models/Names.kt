package tandem.models

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.flowOf
import tandem.TandemStore
import tandem.bindings.LinkNow
import tandem.engine.Author
import tandem.engine.InboxRow
import tandem.engine.PersonId
import tandem.screens.Around
import tandem.screens.Loaded
import tandem.screens.orNull

/** What every screen has around it; `more` are people whom the screen knows beside those of the inbox. */
internal fun TandemStore.around(more: Flow<List<Author>> = flowOf(emptyList())): Flow<Around> =
    combine(link, inbox, more, ::around).distinctUntilChanged()

/** The same, of what was read at once with what the screen shows: no row is there without its names. */
internal fun around(link: LinkNow, inbox: Loaded<List<InboxRow>>, more: List<Author> = emptyList()) =
    Around(link, names(inbox.orNull.orEmpty().flatMap { it.people } + more))

/** Names by person; who has none yet is not among them. */
internal fun names(people: List<Author>): Map<PersonId, String> =
    people.filter { it.name.isNotEmpty() }.associate { it.person to it.name }
