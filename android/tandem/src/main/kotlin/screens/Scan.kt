package tandem.screens

/** A code that the camera looks for. */
data class ScanState(
    val sight: Sight = Sight.ASKING,
    /** What was seen last is a code, and no link. */
    val foreign: Boolean = false,
    /** The link that was seen. */
    val found: String? = null,
)

/** Whether the camera looks. */
enum class Sight {
    /** The person is asked whether it may. */
    ASKING,

    LOOKING,

    /** The person has said that it may not. */
    REFUSED,

    /** There is none, or it can't be had just now. */
    NO_CAMERA,
}

sealed interface ScanAction {
    /** The person was asked, and has said so. */
    data class Asked(val allowed: Boolean) : ScanAction

    /** The camera sees a code that says this. */
    data class Saw(val text: String) : ScanAction

    /** The camera can't be had, or was taken away. */
    data object NoCamera : ScanAction
}
