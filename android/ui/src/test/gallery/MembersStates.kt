package tandem.ui.gallery

import tandem.bindings.inviteWords
import tandem.bindings.roleChoices
import tandem.engine.ErasedBecause
import tandem.engine.ErasedRow
import tandem.engine.InviteRow
import tandem.engine.InviteState
import tandem.engine.Misdeed
import tandem.engine.PersonId
import tandem.engine.Role
import tandem.screens.Deed
import tandem.screens.InviteItem
import tandem.screens.Loaded
import tandem.screens.MemberItem
import tandem.screens.MembersSheet
import tandem.screens.MembersState
import tandem.screens.Problem
import tandem.ui.members.MembersScreen

private val roles = roleChoices(listOf(Role.GUARDIAN, Role.TEACHER, Role.SPECIALIST, Role.LEAD, Role.ARCHIVE))

private fun invite(
    role: Role,
    state: InviteState,
    inPerson: Boolean = false,
) = InviteRow(
    Cast.invite("$role $state"),
    Cast.thread("Maya"),
    role,
    inPerson,
    Cast.ago(100),
    Cast.ago(-1300),
    state,
    Cast.ana.takeIf {
        state ==
            InviteState.USED
    },
)
    .let { InviteItem(it, inviteWords(it)) }

private val usual =
    listOf(
        member(Cast.rivera),
        member(Cast.ana, verified = true),
        member(Cast.sam),
        member(Cast.lincoln, verified = true),
    )

private fun members(
    people: List<MemberItem> = usual,
    change: (MembersState) -> MembersState = { it },
) = change(
    MembersState(
        Cast.thread("Maya"),
        Cast.around(),
        Loaded.Here(Cast.item(Cast.inboxRow("Maya", people.filterNot { it.row.mine }.map { it.row.author }))),
        Loaded.Here(people),
        invitable = roles,
    ),
)

private fun shown(
    name: String,
    state: MembersState,
    opened: PersonId? = null,
) = Shown("members", name) { MembersScreen(state, {}, it, opened) }

private fun sheet(
    name: String,
    sheet: MembersSheet,
) = shown(name, members { it.copy(sheet = sheet) })

private fun sure(
    name: String,
    deed: Deed,
    problem: Problem? = null,
) = sheet("sure $name", MembersSheet.Sure(deed, problem = problem))

private val sam = member(Cast.sam).row
private const val CODE = "48213 90571 22846 71930 55602 18447"

internal val membersStates =
    listOf(
        shown("loading", MembersState(Cast.thread("Maya"), Cast.around())),
        shown("alone", members(listOf(member(Cast.rivera)))),
        shown("ready", members()),
        shown(
            "offline",
            members {
                it.copy(around = Cast.around(Cast.dead), top = Loaded.Here(Cast.item(Cast.inboxRow("Maya", waiting = 1), Cast.dead)))
            },
        ),
        shown("partial", members(listOf(member(Cast.rivera), member(Cast.nameless, by = null)))),
        shown(
            "invites",
            members {
                it.copy(
                    invites =
                        listOf(
                            invite(Role.GUARDIAN, InviteState.OPEN, true),
                            invite(Role.LEAD, InviteState.OPEN),
                            invite(Role.GUARDIAN, InviteState.USED),
                            invite(Role.TEACHER, InviteState.EXPIRED),
                            invite(Role.TEACHER, InviteState.REVOKED),
                        ),
                    uptakes = uptakes,
                )
            },
        ),
        shown(
            "stuck",
            members(
                listOf(
                    member(Cast.rivera, devices = 2),
                    member(Cast.sam) {
                        it.copy(misdeeds = listOf(Misdeed.STOPPED_THREAD, Misdeed.TWO_WORDS))
                    },
                ),
            ),
        ),
        shown("error", members { it.copy(problem = problem("too_many", Problem.Kind.NOT_ALLOWED)) }),
        shown(
            "missing",
            MembersState(Cast.thread("Maya"), Cast.around(), members = Loaded.Missing(problem("damaged", Problem.Kind.DAMAGED))),
        ),
        shown(
            "closed",
            members {
                it.copy(
                    invitable = emptyList(),
                    top =
                        Loaded.Here(
                            Cast.item(
                                Cast.inboxRow("Maya") { row -> row.copy(erased = ErasedRow(Cast.ago(90), ErasedBecause.OPERATOR, "")) },
                            ),
                        ),
                )
            },
        ),
        shown("parent", members { it.copy(invitable = emptyList()) }),
        shown("long names", members(listOf(member(Cast.rivera), member(Cast.long, devices = 3))), Cast.long.person),
        shown("right to left", members(listOf(member(Cast.hebrew, true), member(Cast.arabic)))),
        shown("500 rows", members((1..500).map { member(Cast.author("Person $it", Role.GUARDIAN)) })),
        sheet("compare reading", MembersSheet.Compare(sam)),
        sheet("compare", MembersSheet.Compare(sam, Loaded.Here(CODE), "48213 90571")),
        sheet("compare wrong", MembersSheet.Compare(sam, Loaded.Here(CODE), CODE, problem = problem("wrong_code", Problem.Kind.BAD_INPUT))),
        sheet("compare equal", MembersSheet.Compare(sam, Loaded.Here(CODE), CODE, verified = true)),
        sheet("invite", MembersSheet.Invite()),
        sheet("invite chosen", MembersSheet.Invite(Role.GUARDIAN, false)),
        sheet("invite busy", MembersSheet.Invite(Role.GUARDIAN, busy = true)),
        sheet("invite link", MembersSheet.Invite(Role.GUARDIAN, link = LINK)),
        sheet("add phone", MembersSheet.LetIn()),
        sheet("readmit", MembersSheet.LetIn(sam, LINK, true)),
        sheet("let in error", MembersSheet.LetIn(sam, "half", problem = problem("bad_link", Problem.Kind.BAD_INPUT))),
        sure("remove", Deed.Remove(sam)),
        sure("remove phone", Deed.Remove(sam, sam.devices[0].device)),
        sure("leave", Deed.Leave),
        sure("take back", Deed.TakeBack(invite(Role.GUARDIAN, InviteState.OPEN).row)),
        sure("go on", Deed.GoOnWithout(sam), problem("not_allowed", Problem.Kind.NOT_ALLOWED)),
    )
