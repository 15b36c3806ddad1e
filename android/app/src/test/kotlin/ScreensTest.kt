package tandem.app

import androidx.compose.ui.test.junit4.v2.createComposeRule
import org.junit.Rule
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config
import tandem.ui.ScreenTests

@RunWith(RobolectricTestRunner::class)
@Config(qualifiers = "en-rUS-w360dp-h780dp-mdpi")
class ScreensTest : ScreenTests(createComposeRule()) {
    @get:Rule(order = 0)
    val declared = Declared()

    override val words get() = AndroidStrings(RuntimeEnvironment.getApplication().resources)
}
