plugins {
    alias(libs.plugins.android.library)
    alias(libs.plugins.kotlin.compose)
}

android {
    namespace = "tandem.ui"
    compileSdk = libs.versions.compileSdk.get().toInt()
    defaultConfig { minSdk = libs.versions.minSdk.get().toInt() }
    sourceSets["main"].res.directories += "res"
    // Those are for the desktop, by Maven.
    sourceSets["test"].kotlin.directories.clear()
}

kotlin { jvmToolchain(17) }

dependencies {
    api(project(":tandem"))
    api(libs.compose.ui)
    api(libs.compose.foundation)
    api(libs.compose.material3)
    implementation(libs.zxing)
}
