package tandem.models

import tandem.bindings.rowWords
import tandem.engine.EntryId
import tandem.engine.Role
import tandem.engine.ThreadRow
import tandem.screens.InboxItem
import tandem.screens.ThreadItem
import tandem.words.RowWords
import java.time.Instant
import java.time.LocalDate
import java.time.ZoneId

/** Who reads a thread here: as what, and whether nobody else takes part. */
internal data class Reader(val role: Role?, val alone: Boolean)

internal val NOBODY = Reader(null, false)

internal fun reader(top: InboxItem?): Reader = top?.let { Reader(it.row.role, it.words.alone) } ?: NOBODY

/** The lines of a thread. What is said of a row is asked again only when the row or its reader changed. */
internal class Rows(private val zone: ZoneId) {
    private data class Known(val row: ThreadRow, val reader: Reader, val words: RowWords)

    private var known = emptyMap<EntryId, Known>()

    fun items(rows: List<ThreadRow>, reader: Reader): List<ThreadItem> {
        val before = known
        known =
            rows.associate { row ->
                val here = before[row.entry]?.takeIf { it.row == row && it.reader == reader }
                row.entry to (here ?: Known(row, reader, words(row, reader)))
            }
        var day: LocalDate? = null
        return rows.flatMap { row ->
            val its = day(row)
            val begins = ThreadItem.Day(its, "day-${row.entry}").takeIf { its != day }
            day = its
            listOfNotNull(begins, item(known.getValue(row.entry)))
        }
    }

    private fun item(here: Known): ThreadItem =
        if (here.words.event != null) {
            ThreadItem.Event(here.row, here.words)
        } else {
            ThreadItem.Entry(here.row, here.words)
        }

    private fun day(row: ThreadRow): LocalDate = Instant.ofEpochMilli(row.at.toLong()).atZone(zone).toLocalDate()
}

/** What is said of a row to whoever reads it here. */
internal fun words(row: ThreadRow, reader: Reader): RowWords = rowWords(row, reader.role, reader.alone)

/** All that a person wrote in a row, so that it can be copied. */
internal fun text(words: RowWords): String = words.parts.mapNotNull { it.text }.joinToString("\n\n")
