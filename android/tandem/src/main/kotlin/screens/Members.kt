package tandem.screens

import tandem.engine.DeviceKey
import tandem.engine.InviteId
import tandem.engine.InviteRow
import tandem.engine.MemberRow
import tandem.engine.PersonId
import tandem.engine.Role
import tandem.engine.ThreadId
import tandem.words.InviteWords
import tandem.words.MemberWords
import tandem.words.RoleChoice

/** Who is in a thread, their devices, and who may come. */
data class MembersState(
    val thread: ThreadId,
    val around: Around = Around(),
    val top: Loaded<InboxItem> = Loaded.Reading,
    val members: Loaded<List<MemberItem>> = Loaded.Reading,
    /** Those that are open first. */
    val invites: List<InviteItem> = emptyList(),
    val uptakes: List<UptakeItem> = emptyList(),
    /** As what somebody can be invited; empty: this person invites nobody. */
    val invitable: List<RoleChoice> = emptyList(),
    val sheet: MembersSheet? = null,
    val problem: Problem? = null,
    val next: Place? = null,
)

data class MemberItem(val row: MemberRow, val words: MemberWords)

data class InviteItem(val row: InviteRow, val words: InviteWords)

/** What is being done over the list. `busy`: it is noted just now. */
sealed interface MembersSheet {
    val busy: Boolean
    val problem: Problem?

    /** Codes are compared with somebody. */
    data class Compare(
        val with: MemberRow,
        val ours: Loaded<String> = Loaded.Reading,
        val typed: String = "",
        val verified: Boolean = false,
        override val busy: Boolean = false,
        override val problem: Problem? = null,
    ) : MembersSheet

    /** Somebody is invited; with its link once it is made. */
    data class Invite(
        val role: Role? = null,
        val inPerson: Boolean = true,
        val link: String? = null,
        override val busy: Boolean = false,
        override val problem: Problem? = null,
    ) : MembersSheet

    /** Another phone is let in by what it shows: an own one, or one of somebody who lost theirs. */
    data class LetIn(
        /** Null: an own phone. */
        val again: MemberRow? = null,
        val link: String = "",
        val ready: Boolean = false,
        override val busy: Boolean = false,
        override val problem: Problem? = null,
    ) : MembersSheet

    /** Asked first, since it can't be undone. */
    data class Sure(val of: Deed, override val busy: Boolean = false, override val problem: Problem? = null) :
        MembersSheet
}

/** What can't be undone. */
sealed interface Deed {
    /** Takes a person out, or one of their devices. */
    data class Remove(val member: MemberRow, val device: DeviceKey? = null) : Deed

    data object Leave : Deed

    /** Takes an invite back. */
    data class TakeBack(val invite: InviteRow) : Deed

    /** Goes on without somebody who has stopped the thread. */
    data class GoOnWithout(val member: MemberRow) : Deed
}

sealed interface MembersAction {
    data class Compare(val person: PersonId) : MembersAction

    data class Typed(val code: String) : MembersAction

    data object Invite : MembersAction

    data class InviteAs(val role: Role) : MembersAction

    data class InPerson(val inPerson: Boolean) : MembersAction

    data object AddPhone : MembersAction

    data class Readmit(val person: PersonId) : MembersAction

    data class Link(val text: String) : MembersAction

    /** What the camera or an image held; null when it was no QR code. */
    data class Scanned(val text: String?) : MembersAction

    data class Remove(val person: PersonId, val device: DeviceKey? = null) : MembersAction

    data object Leave : MembersAction

    data class TakeBack(val invite: InviteId) : MembersAction

    data class GoOnWithout(val person: PersonId) : MembersAction

    /** The sheet's button: compares, invites, lets in, or does what was asked about. */
    data object Go : MembersAction

    data object PutAway : MembersAction

    data object Read : MembersAction

    data object Went : MembersAction
}
