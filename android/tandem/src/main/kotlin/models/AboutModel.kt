package tandem.models

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.emptyFlow
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.launch
import tandem.Outcome
import tandem.TandemStore
import tandem.bindings.deviceWords
import tandem.bindings.errorWords
import tandem.bindings.retentionWords
import tandem.engine.Answer
import tandem.engine.Intent
import tandem.engine.Query
import tandem.screens.AboutAction
import tandem.screens.AboutState
import tandem.screens.Loaded
import tandem.screens.Problem
import tandem.screens.orNull

/** This phone, and how long it keeps things. */
@OptIn(ExperimentalCoroutinesApi::class)
class AboutModel(private val store: TandemStore, scope: CoroutineScope) :
    Model<AboutState, AboutAction>(AboutState(), scope) {
    init {
        shows(store.around()) { state, around -> state.copy(around = around) }
        shows(store.asked(Query.Device)) { state, answer ->
            state.copy(device = answer.map { deviceWords((it as Answer.Device).v1) })
        }
        shows(store.name()) { state, name -> state.copy(name = name ?: state.name) }
        shows(store.asked(Query.Retention)) { state, answer ->
            val row = (answer.orNull as? Answer.Retention)?.v1
            if (row == null) state else state.copy(days = row.days, retention = retentionWords(row))
        }
    }

    /** What this person is called in the first of their threads. */
    private fun TandemStore.name() =
        inbox
            .map { it.orNull?.firstOrNull()?.thread }
            .distinctUntilChanged()
            .flatMapLatest { thread -> thread?.let { asked(Query.Members(it)) } ?: emptyFlow() }
            .map {
                (it.orNull as? Answer.Members)
                    ?.v1
                    ?.find { member -> member.mine }
                    ?.author
                    ?.name
            }

    override fun act(action: AboutAction) {
        when (action) {
            AboutAction.SetTerm -> {
                put {
                    it.copy(
                        term = it.days?.toString().orEmpty(),
                    )
                }
            }

            is AboutAction.Term -> {
                put { it.copy(term = action.days, problem = null) }
            }

            AboutAction.KeepTerm -> {
                keepTerm()
            }

            AboutAction.TermNot -> {
                put { it.copy(term = null) }
            }

            AboutAction.NewKeys -> {
                put { it.copy(asksForNewKeys = true) }
            }

            AboutAction.NewKeysReally -> {
                newKeys()
            }

            AboutAction.NewKeysNot -> {
                put { it.copy(asksForNewKeys = false) }
            }

            AboutAction.ShowDiagnostics -> {
                showDiagnostics()
            }

            AboutAction.HideDiagnostics -> {
                put { it.copy(diagnostics = null) }
            }

            AboutAction.Read -> {
                put { it.copy(problem = null) }
            }

            AboutAction.Went -> {
                put { it.copy(next = null) }
            }
        }
    }

    private fun showDiagnostics() {
        scope.launch {
            when (val told = store.diagnostics()) {
                is Outcome.Done -> put { it.copy(diagnostics = told.value) }
                is Outcome.Not -> put { it.copy(problem = told.why) }
            }
        }
    }

    private fun keepTerm() {
        val text = state.value.term?.trim() ?: return
        val days = text.toUIntOrNull()
        if (days == null && text.isNotEmpty()) return put { it.copy(problem = badTerm()) }
        begin({ store.perform(Intent.KeepFor(days)) }) { it.copy(term = null) }
    }

    private fun newKeys() = begin({ store.perform(Intent.RenewKeys) }) { it.copy(asksForNewKeys = false) }

    private fun begin(work: suspend () -> Outcome<Answer>, then: (AboutState) -> AboutState) {
        if (!claim { state -> state.copy(busy = true, problem = null).takeUnless { state.busy } }) return
        scope.launch {
            val outcome = work()
            put { (if (outcome is Outcome.Not) it.copy(problem = outcome.why) else then(it)).copy(busy = false) }
        }
    }

    private fun badTerm() = Problem(Problem.Kind.BAD_INPUT, errorWords("bad_term", null), "bad_term")
}
