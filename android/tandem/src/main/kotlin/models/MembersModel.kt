package tandem.models

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.launch
import tandem.Outcome
import tandem.TandemStore
import tandem.bindings.inviteWords
import tandem.bindings.memberWords
import tandem.bindings.roleChoices
import tandem.engine.Answer
import tandem.engine.InviteState
import tandem.engine.MemberRow
import tandem.engine.PersonId
import tandem.engine.Query
import tandem.engine.ThreadId
import tandem.screens.Deed
import tandem.screens.InviteItem
import tandem.screens.Loaded
import tandem.screens.MemberItem
import tandem.screens.MembersAction
import tandem.screens.MembersSheet
import tandem.screens.MembersState
import tandem.screens.Place
import tandem.screens.orNull

/** Who is in a thread, and who may come. */
class MembersModel(private val store: TandemStore, private val thread: ThreadId, scope: CoroutineScope) :
    Model<MembersState, MembersAction>(MembersState(thread), scope) {
    private val deeds = Deeds(store, thread)

    init {
        shows(store.naming(store.asked(Query.Members(thread)), ::people)) { state, (around, answer) ->
            val members = answer.map { rows(it).map { row -> MemberItem(row, memberWords(row)) } }
            state.copy(around = around, members = members)
        }
        shows(store.top(thread)) { state, top ->
            state.copy(top = top, invitable = roleChoices(top.orNull?.row?.admits.orEmpty()))
        }
        shows(store.asked(Query.Invites(thread))) { state, answer ->
            val invites = (answer.orNull as? Answer.Invites)?.v1.orEmpty().map { InviteItem(it, inviteWords(it)) }
            state.copy(invites = invites.sortedBy { it.row.state != InviteState.OPEN })
        }
        shows(store.asked(Query.Offers)) { state, answer ->
            state.copy(uptakes = (answer.orNull as? Answer.Offers)?.v2.orEmpty().items())
        }
    }

    override fun act(action: MembersAction) {
        when (action) {
            is MembersAction.Compare -> {
                compare(action.person)
            }

            is MembersAction.Typed -> {
                edit<MembersSheet.Compare> { it.copy(typed = action.code, problem = null) }
            }

            MembersAction.Invite -> {
                open(
                    MembersSheet.Invite(
                        role =
                            state.value.invitable
                                .firstOrNull()
                                ?.role,
                    ),
                )
            }

            is MembersAction.InviteAs -> {
                edit<MembersSheet.Invite> { it.copy(role = action.role, link = null, problem = null) }
            }

            is MembersAction.InPerson -> {
                edit<MembersSheet.Invite> { it.copy(inPerson = action.inPerson, link = null, problem = null) }
            }

            MembersAction.AddPhone -> {
                open(MembersSheet.LetIn())
            }

            is MembersAction.Readmit -> {
                member(action.person)?.let { open(MembersSheet.LetIn(again = it)) }
            }

            is MembersAction.Link -> {
                edit<MembersSheet.LetIn> { it.linked(action.text) }
            }

            is MembersAction.Scanned -> {
                edit<MembersSheet.LetIn> { sheet -> action.text?.let(sheet::linked) ?: sheet.copy(problem = noLink()) }
            }

            is MembersAction.Remove -> {
                member(action.person)?.let { sure(Deed.Remove(it, action.device)) }
            }

            MembersAction.Leave -> {
                sure(Deed.Leave)
            }

            is MembersAction.TakeBack -> {
                state.value.invites
                    .find { it.row.invite == action.invite }
                    ?.let { sure(Deed.TakeBack(it.row)) }
            }

            is MembersAction.GoOnWithout -> {
                member(action.person)?.let { sure(Deed.GoOnWithout(it)) }
            }

            MembersAction.Go -> {
                go()
            }

            MembersAction.PutAway -> {
                put { it.copy(sheet = null) }
            }

            MembersAction.Read -> {
                put { it.copy(problem = null) }
            }

            MembersAction.Went -> {
                put { it.copy(next = null) }
            }
        }
    }

    private fun member(person: PersonId) =
        state.value.members.orNull
            ?.map { it.row }
            ?.find { it.author.person == person }

    private fun open(sheet: MembersSheet) = put { it.copy(sheet = sheet) }

    private fun sure(deed: Deed) = open(MembersSheet.Sure(deed))

    private inline fun <reified T : MembersSheet> edit(crossinline change: (T) -> MembersSheet) =
        put { state -> (state.sheet as? T)?.takeUnless { it.busy }?.let { state.copy(sheet = change(it)) } ?: state }

    private fun compare(person: PersonId) {
        val member = member(person) ?: return
        open(MembersSheet.Compare(member))
        scope.launch {
            val ours = store.ask(Query.Code(thread, person)).map { (it as? Answer.Code)?.v1.orEmpty() }
            edit<MembersSheet.Compare> { if (it.with == member) it.copy(ours = ours) else it }
        }
    }

    private fun go() {
        if (!claim { state -> state.sheet?.takeIf { it.canGo }?.let { state.copy(sheet = it.busy(true)) } }) return
        val sheet = state.value.sheet ?: return
        scope.launch {
            val outcome = deeds.perform(sheet)
            // Another sheet may be open by now.
            put { state -> if (state.sheet == sheet) state.after(sheet, outcome) else state }
        }
    }

    private fun MembersState.after(done: MembersSheet, outcome: Outcome<Answer>): MembersState =
        when (outcome) {
            is Outcome.Not -> {
                copy(sheet = done.busy(false).told(outcome.why))
            }

            is Outcome.Done -> {
                when {
                    done is MembersSheet.Compare -> {
                        copy(
                            sheet = done.copy(busy = false, verified = true, problem = null),
                        )
                    }

                    done is MembersSheet.Invite -> {
                        copy(
                            sheet = done.copy(busy = false, link = (outcome.value as? Answer.Invited)?.v1),
                        )
                    }

                    done is MembersSheet.Sure && done.of == Deed.Leave -> {
                        copy(sheet = null, next = Place.Inbox)
                    }

                    else -> {
                        copy(sheet = null)
                    }
                }
            }
        }
}
