package org.posthouse.sim;

/**
 * What a disk does.
 *
 * @since 0.1
 */
public enum SimDiskOperation {
    /** Creates a file. */
    CREATE,
    /** Opens a file. */
    OPEN,
    /** Reads octets. */
    READ,
    /** Writes octets. */
    WRITE,
    /** Cuts a file. */
    TRUNCATE,
    /** Forces a file. */
    FORCE,
    /** Renames. */
    RENAME,
    /** Deletes. */
    DELETE,
    /** Lists a directory. */
    LIST,
    /** Creates a directory; one operation for each that is missing. */
    CREATE_DIRECTORIES,
    /** Forces a directory. */
    FORCE_DIRECTORY;

    /** True when it changes what is on the disk. */
    boolean changes() {
        return this != OPEN && this != READ && this != LIST;
    }
}
