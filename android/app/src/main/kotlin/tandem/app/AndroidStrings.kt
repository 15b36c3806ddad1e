package tandem.app

import android.content.res.Resources
import tandem.ui.words.Strings

/** Templates from Android's resources, in the phone's language. */
class AndroidStrings(private val resources: Resources) : Strings {
    override fun template(key: String, count: Long?): String {
        val plural = WordIds.plurals[key]
        // Android counts plurals by whole numbers of its own size; so many of anything are simply many.
        if (plural != null) return resources.getQuantityString(plural, count?.coerceIn(0, Int.MAX_VALUE.toLong())?.toInt() ?: 0)
        return resources.getString(WordIds.strings.getValue(key))
    }
}
