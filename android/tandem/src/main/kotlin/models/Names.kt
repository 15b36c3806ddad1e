package tandem.models

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.flowOf
import tandem.TandemStore
import tandem.engine.Author
import tandem.engine.PersonId
import tandem.screens.Around
import tandem.screens.orNull

/** What every screen has around it; `more` are people whom the screen knows beside those of the inbox. */
internal fun TandemStore.around(more: Flow<List<Author>> = flowOf(emptyList())): Flow<Around> =
    combine(link, inbox, more) { link, inbox, here ->
        Around(link, names(inbox.orNull.orEmpty().flatMap { it.people } + here))
    }.distinctUntilChanged()

/** Names by person; who has none yet is not among them. */
internal fun names(people: List<Author>): Map<PersonId, String> =
    people.filter { it.name.isNotEmpty() }.associate { it.person to it.name }
