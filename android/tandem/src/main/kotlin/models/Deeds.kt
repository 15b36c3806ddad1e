package tandem.models

import tandem.Outcome
import tandem.TandemStore
import tandem.engine.Answer
import tandem.engine.Intent
import tandem.engine.TandemLink
import tandem.engine.ThreadId
import tandem.screens.Deed
import tandem.screens.MembersSheet
import tandem.screens.Problem

/** What the sheets over a thread's members do. */
internal class Deeds(private val store: TandemStore, private val thread: ThreadId) {
    suspend fun perform(sheet: MembersSheet): Outcome<Answer> {
        val intent = intent(sheet) ?: return Outcome.Not(noLink())
        return store.perform(intent)
    }

    private fun intent(sheet: MembersSheet): Intent? =
        when (sheet) {
            is MembersSheet.Compare -> {
                Intent.Verify(thread, sheet.with.author.person, sheet.typed)
            }

            is MembersSheet.Invite -> {
                sheet.role?.let { Intent.Invite(thread, it, sheet.inPerson) }
            }

            is MembersSheet.LetIn -> {
                val link = device(sheet.link)
                val person = sheet.again?.author?.person
                link?.let { if (person == null) Intent.AddDevice(it) else Intent.Readmit(person, it) }
            }

            is MembersSheet.Sure -> {
                intent(sheet.of)
            }
        }

    private fun intent(deed: Deed): Intent =
        when (deed) {
            is Deed.Remove -> Intent.Remove(thread, deed.member.author.person, deed.device)
            Deed.Leave -> Intent.Leave(thread)
            is Deed.TakeBack -> Intent.RevokeInvite(deed.invite.invite)
            is Deed.GoOnWithout -> Intent.Refound(thread, deed.member.author.person)
        }
}

/** Whether its button does something: not while it does it, and not when it is done. */
internal val MembersSheet.canGo: Boolean
    get() =
        when (this) {
            is MembersSheet.Compare -> !busy && !verified
            is MembersSheet.Invite -> !busy && link == null
            is MembersSheet.LetIn -> !busy && ready
            is MembersSheet.Sure -> !busy
        }

internal fun MembersSheet.busy(busy: Boolean): MembersSheet =
    when (this) {
        is MembersSheet.Compare -> copy(busy = busy)
        is MembersSheet.Invite -> copy(busy = busy)
        is MembersSheet.LetIn -> copy(busy = busy)
        is MembersSheet.Sure -> copy(busy = busy)
    }

internal fun MembersSheet.told(problem: Problem): MembersSheet =
    when (this) {
        is MembersSheet.Compare -> copy(problem = problem)
        is MembersSheet.Invite -> copy(problem = problem)
        is MembersSheet.LetIn -> copy(problem = problem)
        is MembersSheet.Sure -> copy(problem = problem)
    }

internal fun MembersSheet.LetIn.linked(text: String): MembersSheet.LetIn {
    val wrong = (readable(text) as? Outcome.Not)?.why ?: noLink().takeIf { device(text) == null }
    return copy(link = text.trim(), ready = wrong == null, problem = wrong.takeIf { text.isNotBlank() })
}

/** The link of another device's offer, if it is one. */
private fun device(text: String) = ((readable(text) as? Outcome.Done)?.value as? TandemLink.Device)?.v1
