package tandem

import tandem.bindings.TandemException
import tandem.bindings.errorWords
import tandem.screens.Problem
import tandem.screens.Problem.Kind
import tandem.words.Phrase
import kotlin.coroutines.cancellation.CancellationException

/** What somebody asked for, or why it came to nothing. */
sealed interface Outcome<out T> {
    data class Done<out T>(val value: T) : Outcome<T>

    data class Not(val why: Problem) : Outcome<Nothing>
}

/** Tries something. Only a cancelled coroutine goes on as an exception. */
suspend fun <T> trying(work: suspend () -> T): Outcome<T> =
    try {
        Outcome.Done(work())
    } catch (cancelled: CancellationException) {
        throw cancelled
    } catch (failed: Exception) {
        Outcome.Not(problem(failed))
    } catch (apart: LinkageError) {
        // The app's library is not there, or is not the one that this app was made with. An app that ends can't say so.
        Outcome.Not(problem(apart))
    }

/** What a person is told of what was thrown. What is not of ours is the app's own mistake, and is told too. */
fun problem(of: Throwable): Problem =
    when (of) {
        is TandemException.BadInput -> said(Kind.BAD_INPUT, of.code, of.field)
        is TandemException.NotAllowed -> said(Kind.NOT_ALLOWED, of.code)
        is TandemException.Unreachable -> said(Kind.UNREACHABLE, of.code)
        is TandemException.TurnedAway -> said(Kind.TURNED_AWAY, of.code)
        is TandemException.Locked -> said(Kind.LOCKED, of.code)
        is TandemException.NotKept -> said(Kind.NOT_KEPT, of.code)
        is TandemException.Damaged -> said(Kind.DAMAGED, of.code)
        is TandemException.UpdateNeeded -> said(Kind.UPDATE_NEEDED, of.code)
        is TandemException.Cancelled -> said(Kind.UNREACHABLE, of.code)
        // In words that are asked of no library: it may be what failed.
        else -> Problem(Kind.UNEXPECTED, Phrase("error.$OTHER", emptyList()), OTHER)
    }

private fun said(kind: Kind, code: String, field: String? = null) = Problem(kind, errorWords(code, field), code, field)

/** What no case has words for. */
private const val OTHER = "other"
