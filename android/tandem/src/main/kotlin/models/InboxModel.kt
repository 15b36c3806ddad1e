package tandem.models

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.launch
import tandem.Drafts
import tandem.Outcome
import tandem.TandemStore
import tandem.bindings.LinkNow
import tandem.bindings.founders
import tandem.bindings.homeLine
import tandem.bindings.inboxWords
import tandem.bindings.joinWords
import tandem.engine.Answer
import tandem.engine.InboxRow
import tandem.engine.Intent
import tandem.engine.JoinRow
import tandem.engine.Query
import tandem.screens.Around
import tandem.screens.Founding
import tandem.screens.InboxAction
import tandem.screens.InboxItem
import tandem.screens.InboxState
import tandem.screens.JoinItem
import tandem.screens.Loaded
import tandem.screens.Place
import tandem.screens.Write
import tandem.screens.orNull

/** All threads of this phone. */
class InboxModel(private val store: TandemStore, drafts: Drafts, scope: CoroutineScope) :
    Model<InboxState, InboxAction>(InboxState(), scope) {
    private data class Shown(
        val around: Around,
        val rows: Loaded<List<InboxItem>>,
        val joins: List<JoinItem>,
        val line: List<tandem.words.Phrase>,
    )

    init {
        shows(combine(store.inbox, store.asked(Query.Inbox), store.link, ::shown)) { state, shown ->
            state.copy(
                around = shown.around,
                rows = shown.rows,
                joins = shown.joins,
                line = shown.line,
                write = write(shown.rows.orNull.orEmpty()),
            )
        }
        shows(store.asked(Query.Device)) { state, answer ->
            val role = (answer.orNull as? Answer.Device)?.v1?.role
            state.copy(canFound = founders().any { it.role == role })
        }
        shows(drafts.threads) { state, threads -> state.copy(drafts = threads) }
    }

    override fun act(action: InboxAction) {
        when (action) {
            InboxAction.LookNow -> {
                look()
            }

            InboxAction.FoundBegin -> {
                put { it.copy(founding = it.founding ?: Founding()) }
            }

            is InboxAction.FoundTitle -> {
                put {
                    it.copy(
                        founding = it.founding?.copy(title = action.text, problem = null),
                    )
                }
            }

            InboxAction.FoundSay -> {
                found()
            }

            InboxAction.FoundNot -> {
                put { it.copy(founding = null) }
            }

            InboxAction.Read -> {
                put { it.copy(problem = null) }
            }

            InboxAction.Went -> {
                put { it.copy(next = null) }
            }
        }
    }

    private fun look() {
        if (!claim { state -> state.copy(looking = true).takeUnless { state.looking } }) return
        scope.launch {
            val looked = store.lookNow()
            put { it.copy(looking = false, problem = (looked as? Outcome.Not)?.why) }
        }
    }

    private fun found() {
        val founding = { state: InboxState -> state.founding?.takeUnless { it.busy } }
        if (!claim { state ->
                founding(state)?.let { state.copy(founding = it.copy(busy = true, problem = null)) }
            }
        ) {
            return
        }
        val title = state.value.founding?.title ?: return
        scope.launch {
            val outcome = store.perform(Intent.FoundThread(title))
            put { state ->
                when (outcome) {
                    is Outcome.Not -> {
                        state.copy(founding = state.founding?.copy(busy = false, problem = outcome.why))
                    }

                    is Outcome.Done -> {
                        state.copy(
                            founding = null,
                            next = (outcome.value as? Answer.Founded)?.let { Place.Thread(it.v1) },
                        )
                    }
                }
            }
        }
    }

    private fun shown(rows: Loaded<List<InboxRow>>, asked: Loaded<Answer>, link: LinkNow): Shown {
        val joins = (asked.orNull as? Answer.Inbox)?.v2.orEmpty()
        val line = rows.orNull?.let { homeLine(it, joins, link) }.orEmpty()
        return Shown(around(link, rows), rows.map { all -> all.map { InboxItem(it, inboxWords(it, link)) } }, joins.items(), line)
    }

    private fun write(rows: List<InboxItem>): Write? {
        val open = rows.filter { it.words.closed == null }
        return when (open.size) {
            0 -> null
            1 -> Write.In(open.single().row.thread)
            else -> Write.Choose(open)
        }
    }
}

internal fun List<JoinRow>.items() = map { JoinItem(it, joinWords(it)) }

internal fun <T, R> Loaded<T>.map(change: (T) -> R): Loaded<R> =
    when (this) {
        is Loaded.Here -> Loaded.Here(change(value))
        is Loaded.Missing -> this
        Loaded.Reading -> Loaded.Reading
    }
