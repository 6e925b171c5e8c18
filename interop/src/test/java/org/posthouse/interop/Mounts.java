package org.posthouse.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** File systems of a test's own; the test is skipped where none may be made. */
final class Mounts {
    private Mounts() {}

    /** In memory. */
    static Path memory(Path folder, String options) throws IOException {
        return mount(folder, "-t", "tmpfs", "-o", options, "tmpfs");
    }

    /** An ext4 in a file, which turns read-only at its first error. */
    static Path ext4(Path folder, String size) throws IOException {
        String mkfs = SubProcess.find("/usr/sbin/mkfs.ext4", "/sbin/mkfs.ext4");
        assumeFalse(mkfs.isEmpty(), "mkfs.ext4 is not installed");
        Path image = folder.resolve("image");
        SubProcess made = SubProcess.run(folder, mkfs, "-q", "-F", image.toString(), size);
        assertThat(made.exitCode()).as(made.text()).isZero();
        return mount(folder, "-o", "loop,errors=remount-ro", image.toString());
    }

    private static Path mount(Path folder, String... what) throws IOException {
        Path mount = Files.createDirectories(folder.resolve("mount"));
        var command = new ArrayList<>(List.of("mount"));
        command.addAll(List.of(what));
        command.add(mount.toString());
        SubProcess mounted = SubProcess.run(folder, command.toArray(String[]::new));
        assumeTrue(mounted.exitCode() == 0, "no file system may be mounted: " + mounted.text());
        return mount;
    }

    /** Mounts the file of {@link #ext4} again. */
    static void again(Path folder) throws IOException {
        Path mounted =
                mount(folder, "-o", "loop,errors=remount-ro", folder.resolve("image").toString());
        assertThat(mounted).isDirectory();
    }

    static void change(Path mount, String options) {
        SubProcess changed =
                SubProcess.run(
                        mount.getParent(), "mount", "-o", "remount," + options, mount.toString());
        assertThat(changed.exitCode()).as(changed.text()).isZero();
    }

    static void unmount(Path mount) {
        SubProcess.run(mount.getParent(), "umount", "-l", mount.toString());
    }
}
