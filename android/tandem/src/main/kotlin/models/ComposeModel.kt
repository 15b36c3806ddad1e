package tandem.models

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.emptyFlow
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.launch
import tandem.Draft
import tandem.Drafts
import tandem.Outcome
import tandem.TandemStore
import tandem.bindings.forms
import tandem.engine.Answer
import tandem.engine.EntryId
import tandem.engine.InboxRow
import tandem.engine.Intent
import tandem.engine.Query
import tandem.engine.ThreadId
import tandem.engine.ThreadRow
import tandem.screens.ComposeAction
import tandem.screens.ComposeState
import tandem.screens.Place
import tandem.screens.Problem
import tandem.screens.Quoted
import tandem.screens.orNull

/** Something that is being written. What is typed is kept on this phone until it is sent or thrown away. */
@OptIn(ExperimentalCoroutinesApi::class)
class ComposeModel(
    private val store: TandemStore,
    private val drafts: Drafts,
    private val thread: ThreadId,
    answers: EntryId?,
    scope: CoroutineScope,
) : Model<ComposeState, ComposeAction>(ComposeState(thread), scope) {
    /** What was kept from before is here; until then nothing is kept over it. */
    @Volatile private var begun = false

    init {
        val top = store.top(thread)
        // Together: what is missing in a form depends on who writes.
        shows(top.map { to -> to to to.orNull?.row?.role?.let(::forms).orEmpty() }) { state, (to, forms) ->
            state.copy(to = to, forms = forms.ifEmpty { state.forms }).checked()
        }
        shows(store.naming(store.asked(Query.Members(thread)), ::people)) { state, (around, answer) ->
            state.copy(around = around, readers = rows(answer.orNull))
        }
        val answered = state.map { it.answers?.entry }.distinctUntilChanged()
        shows(answered.flatMapLatest(::quoted)) { state, quoted ->
            if (quoted.entry == state.answers?.entry) state.copy(answers = quoted) else state
        }
        shows(drafts.failed) { state, failed -> if (failed) state.copy(problem = notKept()) else state }
        scope.launch { begin(answers) }
    }

    private fun quoted(entry: EntryId?): Flow<Quoted> =
        when (entry) {
            null -> emptyFlow()
            else -> store.asked(Query.Quote(thread, entry)).map { Quoted(entry, (it.orNull as? Answer.Quote)?.v1) }
        }

    override fun act(action: ComposeAction) {
        when (action) {
            is ComposeAction.Kind -> write { it.copy(kind = action.kind) }
            is ComposeAction.Field -> write { it.copy(fields = it.fields + (action.name to action.text)) }
            is ComposeAction.Answers -> write { it.copy(answers = action.entry?.let { entry -> Quoted(entry) }) }
            ComposeAction.Send -> send()
            ComposeAction.ThrowAway -> put { it.copy(asksToThrowAway = true) }
            ComposeAction.ThrowAwayReally -> throwAway()
            ComposeAction.Keep -> put { it.copy(asksToThrowAway = false) }
            ComposeAction.Read -> put { it.copy(problem = null) }
            ComposeAction.Went -> put { it.copy(next = null) }
        }
    }

    private suspend fun begin(answers: EntryId?) {
        val kept = drafts.read(thread)?.takeUnless { wasSaid(it) }
        put { state ->
            val entry = state.answers?.entry ?: answers ?: kept?.answers
            state
                .copy(
                    kind = state.kind ?: kept?.kind?.ifEmpty { null },
                    fields = kept?.fields.orEmpty() + state.fields,
                    answers = entry?.let { Quoted(it) },
                )
        }
        // What is typed while these lines run is kept by one of them.
        begun = true
        keep()
        put { it.checked() }
    }

    /** The app ended while this was being sent, and it was said before that. */
    private suspend fun wasSaid(draft: Draft): Boolean {
        val before = draft.sendingAfter ?: return false
        return (saidSo(draft) ?: return false) > before
    }

    /** How many own entries say just this; null when that can't be read. */
    private suspend fun saidSo(draft: Draft): Int? {
        val answer = store.ask(Query.Thread(thread)).orNull as? Answer.Thread ?: return null
        val words = draft.fields.filterValues { it.isNotBlank() }
        val same = { row: ThreadRow -> row.mine && row.kind == draft.kind && row.answers == draft.answers }
        return answer.v2.count { row -> same(row) && words.all { (name, text) -> row.fields[name] == text } }
    }

    private fun write(change: (ComposeState) -> ComposeState) {
        put { if (it.sending) it else change(it).copy(problem = null).checked() }
        keep()
    }

    private fun keep() {
        val state = state.value
        if (begun && !state.sending) drafts.keep(thread, state.draft())
    }

    private fun send() {
        if (!claim { state -> state.copy(sending = true, problem = null).checked().takeIf { state.ready } }) return
        val draft = state.value.draft() ?: return
        store.outlives {
            val not = (say(draft) as? Outcome.Not)?.why
            drafts.keep(thread, draft.takeIf { not != null })
            put {
                when (not) {
                    null -> it.copy(sending = false, fields = emptyMap(), answers = null, next = Place.Thread(thread))
                    else -> it.copy(sending = false, problem = not)
                }.checked()
            }
        }
    }

    private suspend fun say(draft: Draft): Outcome<Answer> {
        drafts.keep(thread, draft.copy(sendingAfter = saidSo(draft)))
        drafts.settled()
        return store.perform(Intent.Post(thread, draft.kind, draft.fields, draft.answers))
    }

    private fun throwAway() {
        if (!claim { state -> state.copy(fields = emptyMap(), answers = null).takeUnless { state.sending } }) return
        drafts.keep(thread, null)
        put { it.copy(asksToThrowAway = false, next = Place.Thread(thread)).checked() }
    }

    private fun ComposeState.checked(): ComposeState = withForm().run { copy(ready = begun && isReady()) }
}
