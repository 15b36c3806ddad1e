package tandem.app

import android.Manifest
import android.app.Activity
import android.content.pm.PackageManager
import android.os.Build

/**
 * Whether to ask if notes may be shown. Before Android 13 nobody has to. Nothing is kept here of the answer, for the system
 * keeps it: whoever said no, it would have us explain ourselves first, and of whoever said no for good it asks nothing more.
 */
internal fun Activity.asksForNotes(): Boolean =
    Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU &&
        checkSelfPermission(Manifest.permission.POST_NOTIFICATIONS) != PackageManager.PERMISSION_GRANTED &&
        !shouldShowRequestPermissionRationale(Manifest.permission.POST_NOTIFICATIONS)
