package tandem.ui.words

import java.time.Instant
import java.time.LocalDate
import java.time.ZoneId
import java.time.ZonedDateTime
import java.time.format.DateTimeFormatter
import java.time.format.DateTimeParseException
import java.util.Locale

/** Times as this phone's owner writes them. What time it is now is asked of the platform. */
class Clock(
    val now: () -> Instant,
    val zone: ZoneId,
    val locale: Locale,
    hours24: Boolean = true,
) {
    private val time = DateTimeFormatter.ofPattern(if (hours24) "HH:mm" else "h:mm a", locale)
    private val day = DateTimeFormatter.ofPattern(if (english) "EEE d MMM" else "EEE d 'de' MMM", locale)
    private val dayOfYear = DateTimeFormatter.ofPattern(if (english) "d MMM y" else "d 'de' MMM 'de' y", locale)
    private val wholeDay = DateTimeFormatter.ofPattern(if (english) "EEEE d MMMM" else "EEEE, d 'de' MMMM", locale)
    private val english get() = locale.language == "en"

    /** Today, where this phone is. */
    val today: LocalDate get() = at(now()).toLocalDate()

    /** The time alone. */
    fun time(millis: ULong): String = time.format(at(millis))

    /** The time; with its day when it is not today, with its year when it is not this one. */
    fun moment(millis: ULong): String {
        val at = at(millis)
        return if (at.toLocalDate() == today) time.format(at) else "${short(at.toLocalDate())}, ${time.format(at)}"
    }

    /** The time if it is today, else the day: for lists, where there is room for one. */
    fun brief(millis: ULong): String {
        val at = at(millis)
        return if (at.toLocalDate() == today) time.format(at) else short(at.toLocalDate())
    }

    /** A day in a few letters. */
    fun short(of: LocalDate): String = (if (of.year == today.year) day else dayOfYear).format(of)

    /** A day in full, as it stands over what was said on it. */
    fun day(of: LocalDate): String = if (of.year == today.year) wholeDay.format(of) else dayOfYear.format(of)

    /** A day as it is written in what was said; as it stands there, if it is none. */
    fun day(iso: String): String =
        try {
            short(LocalDate.parse(iso))
        } catch (_: DateTimeParseException) {
            Say.isolated(iso)
        }

    private fun at(millis: ULong) = at(Instant.ofEpochMilli(millis.toLong()))

    private fun at(instant: Instant): ZonedDateTime = instant.atZone(zone)
}
