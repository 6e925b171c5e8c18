/** One conversation with one next hop, from the greeting to QUIT. */
@org.jspecify.annotations.NullMarked
module org.posthouse.client {
    requires static transitive org.jspecify;
    requires transitive org.posthouse.core;
    requires transitive org.posthouse.platform;

    exports org.posthouse.client;
}
