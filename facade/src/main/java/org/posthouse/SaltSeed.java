package org.posthouse;

import org.posthouse.platform.Disk;
import org.posthouse.platform.DiskFile;
import org.posthouse.platform.Entropy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * What the salts of logins that do not exist are made of: the same on all listeners and after a
 * restart, as those of real logins are, so that SCRAM does not tell which is which. Random, and
 * kept in the data folder; where that can't be written, it lasts as long as the engine.
 */
final class SaltSeed {
    static final int OCTETS = 32;

    private static final System.Logger LOG = System.getLogger(SaltSeed.class.getName());
    private static final String NAME = "login-salts";

    private SaltSeed() {}

    /** Reads it, or makes it. */
    static byte[] in(Path data, Disk disk, Entropy entropy) {
        var seed = new byte[OCTETS];
        Path file = data.resolve(NAME);
        try {
            if (disk.exists(file) && read(disk, file, seed)) {
                return seed;
            }
            entropy.fill(seed);
            write(disk, data, seed);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, NAME + " is not kept", e);
            entropy.fill(seed);
        }
        return seed;
    }

    private static boolean read(Disk disk, Path file, byte[] seed) throws IOException {
        try (DiskFile from = disk.openRead(file)) {
            return from.size() == OCTETS && from.read(ByteBuffer.wrap(seed), 0) == OCTETS;
        }
    }

    private static void write(Disk disk, Path data, byte[] seed) throws IOException {
        Path fresh = data.resolve(NAME + ".new");
        if (disk.exists(fresh)) {
            disk.delete(fresh);
        }
        try (DiskFile to = disk.create(fresh)) {
            to.write(ByteBuffer.wrap(seed), 0);
            to.force();
        }
        disk.rename(fresh, data.resolve(NAME));
        disk.forceDirectory(data);
    }
}
