package tandem.app

import android.content.ComponentName
import androidx.activity.ComponentActivity
import org.junit.rules.ExternalResource
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf

/** Has the phone know an activity that the app's manifest does not name: an empty one, to draw in. */
class Declared : ExternalResource() {
    override fun before() {
        val phone = RuntimeEnvironment.getApplication()
        shadowOf(phone.packageManager).addActivityIfNotPresent(ComponentName(phone, ComponentActivity::class.java))
    }
}
