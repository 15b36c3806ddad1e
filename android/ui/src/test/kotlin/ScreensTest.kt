package tandem.ui

import androidx.compose.ui.test.junit4.v2.createComposeRule

class ScreensTest : ScreenTests(createComposeRule()) {
    override val words = english
}
