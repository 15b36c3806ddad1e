package tandem.screens

import tandem.words.DeviceWords
import tandem.words.RetentionWords

/** This phone, how long it keeps things, and what the relay sees. */
data class AboutState(
    val around: Around = Around(),
    val device: Loaded<DeviceWords> = Loaded.Reading,
    /** This person's name, once a thread is here that says it. */
    val name: String? = null,
    val retention: RetentionWords? = null,
    /** The term for all threads, in days; null keeps them for good. */
    val days: UInt? = null,
    /** Diagnostics without content, as they would be copied or shared; null until they are asked for. */
    val diagnostics: String? = null,
    /** Text of the term that is being set, in days; empty keeps every thread for good. Null: not being set. */
    val term: String? = null,
    val asksForNewKeys: Boolean = false,
    val busy: Boolean = false,
    val problem: Problem? = null,
    val next: Place? = null,
)

sealed interface AboutAction {
    data object SetTerm : AboutAction

    data class Term(val days: String) : AboutAction

    data object KeepTerm : AboutAction

    data object TermNot : AboutAction

    data object NewKeys : AboutAction

    data object NewKeysReally : AboutAction

    data object NewKeysNot : AboutAction

    data object ShowDiagnostics : AboutAction

    data object HideDiagnostics : AboutAction

    data object Read : AboutAction

    data object Went : AboutAction
}
