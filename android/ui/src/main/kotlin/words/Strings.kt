package tandem.ui.words

/**
 * The seam to a platform's resources: Android's are `R.string` and `R.plurals`, tests read the same
 * files. A template holds its arguments' names: `Seen by {people}.`
 */
fun interface Strings {
    /** The template of a key; `count` chooses the plural form where the key has several. */
    fun template(
        key: String,
        count: Long?,
    ): String
}
