/**
 * The seams: time, threads, network, DNS, disk and randomness, and their real implementations.
 * Knows nothing of mail.
 */
@org.jspecify.annotations.NullMarked
module org.posthouse.platform {
    requires static transitive org.jspecify;
    requires java.management;
    requires org.dnsjava;

    exports org.posthouse.platform;
}
