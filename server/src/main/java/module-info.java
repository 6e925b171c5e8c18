/** Receives mail: listeners, sessions, and the SPIs that decide and take what arrives. */
@org.jspecify.annotations.NullMarked
module org.posthouse.server {
    requires static transitive org.jspecify;
    requires transitive org.posthouse.core;
    requires transitive org.posthouse.platform;
    requires transitive org.posthouse.policy;

    exports org.posthouse.server;
}
