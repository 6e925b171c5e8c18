package org.posthouse.store;

import org.posthouse.core.Mailbox;
import org.posthouse.core.Outcome;
import org.posthouse.platform.Disk;
import org.posthouse.platform.DiskFile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.zip.CRC32C;

/**
 * A Maildir for each address: {@code ROOT/DOMAIN/LOCALPART/{tmp,new,cur}}, one file a message, its
 * octets as they were received, so lines end in CRLF. {@code ada+anything@} goes to {@code ada}. A
 * folder's name of more than 240 octets, escapes included, is cut and ends in a digest of the
 * whole.
 *
 * <p>A message is written under {@code tmp} and forced, then renamed into {@code new}, whose
 * entries are then forced. Its name is made of when it was accepted, of its delivery and its
 * recipient, so that storing it again after a crash takes the place of the first copy, unless a
 * mail reader has moved that already.
 *
 * <table>
 * <caption>What a crash leaves</caption>
 * <tr><th>it dies</th><th>what is there</th><th>storing again</th></tr>
 * <tr><td>before the rename</td><td>perhaps a file in tmp, which no reader looks at</td>
 *     <td>deletes it, writes anew</td></tr>
 * <tr><td>before the directory's force</td><td>in tmp or in new, whole</td>
 *     <td>replaces it</td></tr>
 * <tr><td>after that</td><td>in new, whole</td><td>replaces it</td></tr>
 * </table>
 *
 * @since 0.1
 */
public final class Maildir implements MessageStore {
    private final Disk disk;
    private final Path root;
    private final SharedForce directories;

    private Maildir(Disk disk, Path root) {
        this.disk = disk;
        this.root = root;
        this.directories = new SharedForce(disk);
    }

    /** Maildirs below a folder, which is made when the first message comes. */
    public static Maildir at(Disk disk, Path root) {
        return new Maildir(disk, root);
    }

    /** The folder of an address, which holds its {@code tmp}, {@code new} and {@code cur}. */
    public Path folder(Mailbox recipient) {
        return root.resolve(FolderName.of(recipient.domain()))
                .resolve(FolderName.of(FolderName.account(recipient.localPart())));
    }

    @Override
    public Outcome store(LocalMail mail) {
        var copy = new MailCopy(mail);
        Path folder = folder(mail.recipient());
        String name = fileName(mail, copy.octets());
        Path written = folder.resolve("tmp").resolve(name);
        try {
            write(copy, folder, written);
            publish(folder, written, name);
            return Outcomes.STORED;
        } catch (IOException | UncheckedIOException e) {
            discard(written);
            return Outcomes.of(e);
        }
    }

    private void write(MailCopy copy, Path folder, Path file) throws IOException {
        try (DiskFile out = create(folder, file)) {
            copy.writeTo(out);
            out.force();
        }
    }

    /** Creates the file; on the way its folders, and in place of one that a crash left. */
    private DiskFile create(Path folder, Path file) throws IOException {
        try {
            return disk.create(file);
        } catch (IOException e) {
            if (disk.exists(file)) {
                disk.delete(file);
            } else {
                makeFolders(folder); // perhaps another thread just did
            }
            return disk.create(file);
        }
    }

    /**
     * The one that is looked for comes last, so that where it is, the others are, and are durable:
     * nobody sees it before they and all above them were forced, whoever made them.
     */
    private void makeFolders(Path folder) throws IOException {
        disk.createDirectories(folder.resolve("cur"));
        disk.createDirectories(folder.resolve("new"));
        disk.createDirectories(folder.resolve("tmp"));
    }

    private void publish(Path folder, Path written, String name) throws IOException {
        Path fresh = folder.resolve("new");
        disk.rename(written, fresh.resolve(name));
        directories.force(fresh);
    }

    private void discard(Path written) {
        try {
            if (disk.exists(written)) {
                disk.delete(written);
            }
        } catch (IOException ignored) {
            // No reader looks into tmp, and storing again replaces it.
        }
    }

    /** Seconds, what is unique, who wrote it, and the size where servers look for it. */
    private static String fileName(LocalMail mail, long octets) {
        var recipient = new CRC32C();
        recipient.update(mail.recipient().address().getBytes(StandardCharsets.UTF_8));
        Instant at = mail.acceptedAt();
        return at.getEpochSecond()
                + ".M"
                + at.getNano() / 1000
                + "Q"
                + mail.delivery().message()
                + "N"
                + mail.delivery().number()
                + "R"
                + Long.toHexString(recipient.getValue())
                + ".posthouse,S="
                + octets;
    }
}
