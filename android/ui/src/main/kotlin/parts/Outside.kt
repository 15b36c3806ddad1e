package tandem.ui.parts

import tandem.screens.Place

/** What a screen asks of the app around it: to go somewhere, and what only a platform can do. */
class Outside(
    val go: (Place) -> Unit = {},
    val back: () -> Unit = {},
    /** Puts text where other apps can take it from. */
    val copy: (String) -> Unit = {},
    /** Gives text to another app that is chosen. */
    val share: (String) -> Unit = {},
    /** Opens the camera, or an image; says what was in the code, null for none. */
    val scan: (found: (String?) -> Unit) -> Unit = {},
    /** Opens where this app can be made newer. */
    val update: () -> Unit = {},
)
