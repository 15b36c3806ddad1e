package tandem

import tandem.bindings.InboxDiff
import tandem.bindings.ThreadDiff
import tandem.engine.InboxRow
import tandem.engine.ThreadRow

/** A thread's rows after one change of them. What does not fit is ignored; the next `Reset` puts it right. */
fun List<ThreadRow>.after(diff: ThreadDiff): List<ThreadRow> =
    when (diff) {
        is ThreadDiff.Reset -> diff.rows
        is ThreadDiff.Insert -> inserted(diff.at, diff.row)
        is ThreadDiff.Update -> updated(diff.at, diff.row)
        is ThreadDiff.Remove -> removed(diff.at)
    }

/** The same for the inbox. */
fun List<InboxRow>.after(diff: InboxDiff): List<InboxRow> =
    when (diff) {
        is InboxDiff.Reset -> diff.rows
        is InboxDiff.Insert -> inserted(diff.at, diff.row)
        is InboxDiff.Update -> updated(diff.at, diff.row)
        is InboxDiff.Remove -> removed(diff.at)
    }

private fun <R> List<R>.inserted(at: UInt, row: R): List<R> =
    if (at.toLong() > size) this else toMutableList().apply { add(at.toInt(), row) }

private fun <R> List<R>.updated(at: UInt, row: R): List<R> =
    if (at.toLong() >= size) this else toMutableList().apply { set(at.toInt(), row) }

private fun <R> List<R>.removed(at: UInt): List<R> =
    if (at.toLong() >= size) this else toMutableList().apply { removeAt(at.toInt()) }
