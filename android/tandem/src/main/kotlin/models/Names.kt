package tandem.models

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.distinctUntilChanged
import tandem.TandemStore
import tandem.bindings.LinkNow
import tandem.engine.Answer
import tandem.engine.Author
import tandem.engine.InboxRow
import tandem.engine.MemberRow
import tandem.engine.PersonId
import tandem.screens.Around
import tandem.screens.Loaded
import tandem.screens.orNull

/** What every screen has around it. */
internal fun TandemStore.around(): Flow<Around> = combine(link, inbox) { link, inbox -> around(link, inbox) }.distinctUntilChanged()

/** What a screen reads, with what it has around it: no row is there without its names. `people` are those that it names. */
internal fun <T> TandemStore.naming(what: Flow<T>, people: (T) -> List<Author>): Flow<Pair<Around, T>> =
    combine(link, inbox, what) { link, inbox, read -> around(link, inbox, people(read)) to read }

/** Who is in a thread, as the engine answered. */
internal fun people(members: Loaded<Answer>): List<Author> = rows(members.orNull).map(MemberRow::author)

internal fun rows(answer: Answer?): List<MemberRow> = (answer as? Answer.Members)?.v1.orEmpty()

/** The same, of what was read at once with what the screen shows. */
internal fun around(link: LinkNow, inbox: Loaded<List<InboxRow>>, more: List<Author> = emptyList()) =
    Around(link, names(inbox.orNull.orEmpty().flatMap { it.people } + more))

/** Names by person; who has none yet is not among them. */
internal fun names(people: List<Author>): Map<PersonId, String> =
    people.filter { it.name.isNotEmpty() }.associate { it.person to it.name }
