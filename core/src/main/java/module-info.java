/** Nouns of mail, SMTP syntax and events. Knows no I/O, no threads and no clocks. */
@org.jspecify.annotations.NullMarked
module org.posthouse.core {
    requires static transitive org.jspecify;

    exports org.posthouse.core;
}
