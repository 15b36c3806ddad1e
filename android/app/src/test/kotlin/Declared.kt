package tandem.app

import android.content.ComponentName
import android.os.Build
import androidx.activity.ComponentActivity
import org.junit.rules.ExternalResource
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.util.ReflectionHelpers

/** Has the phone know an activity that the app's manifest does not name: an empty one, to draw in. */
class Declared : ExternalResource() {
    override fun before() {
        val phone = RuntimeEnvironment.getApplication()
        shadowOf(phone.packageManager).addActivityIfNotPresent(ComponentName(phone, ComponentActivity::class.java))
    }
}

/** Has the phone say that it is of just before this version of Android. */
fun <T> before(version: Int, look: () -> T): T {
    val own = Build.VERSION.SDK_INT
    ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", version - 1)
    return try {
        look()
    } finally {
        ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", own)
    }
}
