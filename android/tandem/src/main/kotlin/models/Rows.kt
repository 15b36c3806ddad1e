package tandem.models

import tandem.bindings.rowWords
import tandem.engine.EntryId
import tandem.engine.InboxRow
import tandem.engine.ThreadRow
import tandem.screens.Quoted
import tandem.screens.ThreadItem
import tandem.words.RowWords
import java.time.Instant
import java.time.LocalDate
import java.time.ZoneId

/** The lines of a thread. What is said of a row is asked again only when the row changed. */
internal class Rows(
    private val zone: ZoneId,
) {
    private data class Known(
        val row: ThreadRow,
        val top: InboxRow?,
        val words: RowWords,
    )

    private var known = emptyMap<EntryId, Known>()

    fun items(
        rows: List<ThreadRow>,
        top: InboxRow?,
    ): List<ThreadItem> {
        // What is said of a row depends on who reads it and whether anybody else does, not on what came last.
        val reader = top?.copy(last = null, unseen = 0u, waiting = 0u, stuck = 0u, asOf = null)
        val before = known
        known =
            rows.associate { row ->
                val here = before[row.entry]?.takeIf { it.row == row && it.top == reader }
                row.entry to (here ?: Known(row, reader, words(row, reader)))
            }
        var day: LocalDate? = null
        return rows.flatMap { row ->
            val its = day(row)
            val begins = ThreadItem.Day(its, "day before ${row.entry}").takeIf { its != day }
            day = its
            listOfNotNull(begins, item(known.getValue(row.entry)))
        }
    }

    private fun item(here: Known): ThreadItem =
        if (here.words.event != null) {
            ThreadItem.Event(here.row, here.words)
        } else {
            ThreadItem.Entry(here.row, here.words, here.row.answers?.let(::quoted))
        }

    private fun quoted(entry: EntryId): Quoted {
        val here = known[entry]
        return Quoted(entry, here?.row?.author, here?.words)
    }

    private fun day(row: ThreadRow): LocalDate = Instant.ofEpochMilli(row.at.toLong()).atZone(zone).toLocalDate()
}

/** What is said of a row to whoever reads it here. */
internal fun words(
    row: ThreadRow,
    top: InboxRow?,
): RowWords = rowWords(row, top?.role, top?.people?.isEmpty() ?: false)

/** All that a person wrote in a row, so that it can be copied. */
internal fun text(words: RowWords): String = words.parts.mapNotNull { it.text }.joinToString("\n\n")
