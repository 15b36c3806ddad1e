package tandem.models

import tandem.Draft
import tandem.bindings.draftFlaws
import tandem.bindings.errorWords
import tandem.screens.ComposeState
import tandem.screens.Problem
import tandem.screens.orNull
import tandem.words.KindForm

/** The form of the kind in use, what is missing in it and what can't be said as it is. */
internal fun ComposeState.withForm(): ComposeState {
    val form = forms.find { it.kind == kind } ?: forms.firstOrNull()
    val role = to.orNull?.row?.role
    val flaws = if (form == null || role == null) emptyList() else draftFlaws(role, form.kind, said(form))
    val (missing, wrong) = flaws.partition { it.missing }
    return copy(
        form = form,
        missing = missing.mapNotNull { it.field }.toSet(),
        wrong = wrong.firstOrNull()?.let { Problem(Problem.Kind.BAD_INPUT, it.said, it.code, it.field) },
    )
}

internal fun ComposeState.isReady(): Boolean =
    form != null && to.orNull?.words?.let { it.closed == null } ?: false && missing.isEmpty() && wrong == null &&
        !sending

private fun ComposeState.said(form: KindForm) = fields.filterKeys { name -> form.fields.any { it.name == name } }

/** What was written, under the form in use; null when that is nothing. */
internal fun ComposeState.draft(): Draft? {
    val words = fields.filterValues { it.isNotBlank() }
    val names = form?.fields?.map { it.name }
    val kept = if (sending) words.filterKeys { names == null || it in names } else words
    // Words are kept also while their form is not known yet.
    return Draft(form?.kind ?: kind.orEmpty(), kept, answers?.entry).takeIf { kept.isNotEmpty() }
}

internal fun notKept() = Problem(Problem.Kind.NOT_KEPT, errorWords("not_kept", null), "not_kept")
