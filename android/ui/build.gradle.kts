plugins {
    alias(libs.plugins.android.library)
    alias(libs.plugins.kotlin.android)
    alias(libs.plugins.kotlin.compose)
}

android {
    namespace = "tandem.ui"
    compileSdk = 35
    defaultConfig { minSdk = 26 }
    sourceSets["main"].res.srcDirs("res")
    // Those are for the desktop, by Maven.
    sourceSets["test"].kotlin.setSrcDirs(emptyList<String>())
}

kotlin { jvmToolchain(17) }

dependencies {
    api(project(":tandem"))
    api(libs.compose.ui)
    api(libs.compose.foundation)
    api(libs.compose.material3)
    implementation(libs.zxing)
}
