package tandem.models

import tandem.Draft
import tandem.bindings.errorWords
import tandem.screens.ComposeState
import tandem.screens.Problem
import tandem.screens.orNull

/** More bytes than this are said to be too many before they are sent. */
private const val LONG = 60_000

/** The form of the kind in use, what is missing in it and whether it is too long. */
internal fun ComposeState.withForm(): ComposeState {
    val form = forms.find { it.kind == kind } ?: forms.firstOrNull()
    val needed = form?.fields.orEmpty().filter { it.needed && fields[it.name].isNullOrBlank() }
    val long = form?.fields.orEmpty().sumOf { fields[it.name].orEmpty().encodeToByteArray().size } > LONG
    return copy(form = form, missing = needed.map { it.name }.toSet(), tooLong = tooLong().takeIf { long })
}

internal fun ComposeState.isReady(): Boolean =
    form != null && to.orNull?.words?.let { it.closed == null } ?: false && missing.isEmpty() && tooLong == null &&
        !sending

/** What was written, under the form in use; null when that is nothing. */
internal fun ComposeState.draft(): Draft? {
    val words = fields.filterValues { it.isNotBlank() }
    val names = form?.fields?.map { it.name }
    val kept = if (sending) words.filterKeys { names == null || it in names } else words
    // Words are kept also while their form is not known yet.
    return Draft(form?.kind ?: kind.orEmpty(), kept, answers?.entry).takeIf { kept.isNotEmpty() }
}

internal fun notKept() = Problem(Problem.Kind.NOT_KEPT, errorWords("not_kept", null), "not_kept")

private fun tooLong() = Problem(Problem.Kind.BAD_INPUT, errorWords("too_long", null), "too_long")
