/** Where local mail is kept: Maildir, mbox, discarded, or handed to a callback. */
@org.jspecify.annotations.NullMarked
module org.posthouse.store {
    requires static transitive org.jspecify;
    requires transitive org.posthouse.core;
    requires transitive org.posthouse.platform;

    exports org.posthouse.store;
}
