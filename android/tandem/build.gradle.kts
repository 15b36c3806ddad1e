plugins {
    alias(libs.plugins.kotlin.jvm)
}

kotlin {
    jvmToolchain(17)
    // `cargo xtask bindings` writes the generated half.
    sourceSets["main"].kotlin.srcDirs("src/main/kotlin", rootDir.resolve("../target/bindings/kotlin"))
}

dependencies {
    api(libs.coroutines.core)
    // The app brings Android's own.
    compileOnly(libs.jna)
}
