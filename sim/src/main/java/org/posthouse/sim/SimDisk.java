package org.posthouse.sim;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Disk;
import org.posthouse.platform.DiskFile;
import org.posthouse.sim.SimDiskFaults.Moment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A disk in memory that knows what was forced. What a crash leaves of the rest, {@link SimLoss}
 * says: each write is kept, lost or torn at sectors, each change of a directory is kept or lost, in
 * any order.
 *
 * @since 0.1
 */
public final class SimDisk implements Disk {
    private static final long CAPACITY = 1L << 40;

    private final SimScheduler scheduler;
    private final SimRandom random;
    private final SimTrace trace;
    private final SimTime time;
    private final SimTree tree;
    private final SimDiskFaults faults = new SimDiskFaults();
    private final Map<Path, String> locks = new HashMap<>();
    private Duration forceTakes = Duration.ZERO;
    private long capacity = CAPACITY;
    private long used;
    private int openFiles;

    SimDisk(SimScheduler scheduler, SimRandom random, SimTrace trace, SimTime time, SimTree tree) {
        this.scheduler = scheduler;
        this.random = random;
        this.trace = trace;
        this.time = time;
        this.tree = tree;
        this.used = tree.octets();
    }

    /** The nth operation of this kind from now on fails; 1 is the next one. */
    public void fail(SimDiskOperation operation, long nth, SimDiskFailure failure) {
        faults.fail(operation, nth, 1, failure);
    }

    /** All operations of this kind fail from now on, until {@link #heal}. */
    public void failAll(SimDiskOperation operation, SimDiskFailure failure) {
        faults.fail(operation, 1, Long.MAX_VALUE, failure);
    }

    /** Drops all failures asked for. */
    public void heal() {
        faults.heal();
    }

    /**
     * The machine dies at the nth changing operation from now on, and {@link SimCrash} ends the
     * run. It has happened, or not, or a write half way, as the seed says.
     */
    public void crashAt(long nthChange) {
        faults.crashAt(nthChange, Moment.ANY);
    }

    /** Like {@link #crashAt}, right before the operation: nothing of it has happened. */
    public void crashBefore(long nthChange) {
        faults.crashAt(nthChange, Moment.BEFORE);
    }

    /**
     * Like {@link #crashAt}, in the operation: half of a write has happened; what can't happen by
     * half has happened, but nobody was told.
     */
    public void crashWithin(long nthChange) {
        faults.crashAt(nthChange, Moment.WITHIN);
    }

    /** How many operations have changed something, or tried. */
    public long changes() {
        return faults.changes();
    }

    /** How many operations of this kind there were. */
    public long count(SimDiskOperation operation) {
        return faults.count(operation);
    }

    /** How long a force takes from now on. */
    public void forceTakes(Duration duration) {
        forceTakes = duration;
    }

    /** The octets that all files may have together. */
    public void capacity(long octets) {
        capacity = octets;
    }

    /** Files that are open now. */
    public int openFiles() {
        return openFiles;
    }

    /** Locks that are held now. */
    public int heldLocks() {
        return locks.size();
    }

    /** True when octets were written to the file and not forced since. */
    public boolean hasUnforced(Path file) {
        SimInode inode = tree.file(normal(file));
        return inode != null && inode.hasUnforced();
    }

    /** All octets of a file, for tests to look at; costs no operation. */
    public byte[] contents(Path file) {
        SimInode inode = tree.file(normal(file));
        if (inode == null) {
            throw new IllegalArgumentException("no such file: " + file);
        }
        return inode.read(0, Math.toIntExact(inode.size()));
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        Path path = normal(file);
        requireParent(path);
        if (exists(path)) {
            throw new FileAlreadyExistsException(path.toString());
        }
        return perform(SimDiskOperation.CREATE, path, () -> opened(path, tree.create(path), true));
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        return openExisting(normal(file), true);
    }

    @Override
    public DiskFile openRead(Path file) throws IOException {
        return openExisting(normal(file), false);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Path source = normal(from);
        Path target = normal(to);
        requireParent(target);
        perform(
                SimDiskOperation.RENAME,
                source,
                () -> {
                    SimInode inode = require(source);
                    SimInode replaced = tree.file(target);
                    if (replaced != null && !replaced.equals(inode)) {
                        used -= replaced.size();
                    }
                    tree.rename(source, target, inode);
                    return target;
                });
    }

    @Override
    public void delete(Path file) throws IOException {
        Path path = normal(file);
        perform(
                SimDiskOperation.DELETE,
                path,
                () -> {
                    SimInode inode = require(path);
                    used -= inode.size();
                    tree.delete(path, inode);
                    return path;
                });
    }

    @Override
    public boolean exists(Path path) {
        scheduler.checkAlive();
        return tree.file(normal(path)) != null || tree.isDirectory(normal(path));
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        Path path = normal(directory);
        requireDirectory(path);
        return perform(SimDiskOperation.LIST, path, () -> tree.names(path));
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        createWithAllAbove(normal(directory));
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        Path path = normal(directory);
        requireDirectory(path);
        waitForForce();
        perform(
                SimDiskOperation.FORCE_DIRECTORY,
                path,
                () -> {
                    tree.force(path);
                    return path;
                });
    }

    @Override
    public long usableOctets(Path path) {
        scheduler.checkAlive();
        return Math.max(0, capacity - used);
    }

    @Override
    public AutoCloseable lock(Path file) throws IOException {
        scheduler.checkAlive();
        Path path = normal(file);
        String holder = locks.get(path);
        if (holder != null) {
            throw new IOException(path + " is locked by " + holder);
        }
        requireParent(path);
        SimInode inode = tree.file(path);
        if (inode == null) {
            inode = tree.create(path);
        }
        String text = "process " + ProcessHandle.current().pid() + " since " + time.now();
        inode.truncate(0);
        inode.write(0, (text + "\n").getBytes(StandardCharsets.UTF_8));
        locks.put(path, text);
        return () -> locks.remove(path, text);
    }

    @Override
    public Optional<String> lockHolder(Path file) {
        scheduler.checkAlive();
        return Optional.ofNullable(locks.get(normal(file)));
    }

    /** Something that is done on the disk. */
    interface Act<T> {
        T perform() throws IOException;

        /** Performs it as far as a machine gets that dies in it. */
        default void begin() throws IOException {
            perform();
        }
    }

    /** Performs an operation, or fails, or dies, as planned. */
    <T> T perform(SimDiskOperation operation, Path path, Act<T> act) throws IOException {
        scheduler.checkAlive();
        if (operation.changes()) {
            scheduler.yieldPoint();
            scheduler.checkAlive();
        }
        SimDiskFailure failure = faults.next(operation);
        trace.add(operation + " " + path, scheduler.nanos());
        if (faults.crashesNow(operation)) {
            beginAtMost(act);
            throw scheduler.crash("disk change " + changes() + ": " + operation + " " + path);
        }
        if (failure != null) {
            throw SimDiskFaults.exception(failure, operation, path);
        }
        return act.perform();
    }

    private void beginAtMost(Act<?> act) throws IOException {
        Moment moment = faults.crashMoment();
        if (moment == Moment.ANY ? random.coin() : moment == Moment.WITHIN) {
            if (moment == Moment.ANY && random.coin()) {
                act.perform();
            } else {
                act.begin();
            }
        }
    }

    void waitForForce() {
        if (forceTakes.isZero() || !scheduler.isSimulatedThread()) {
            return;
        }
        Deadline end = time.after(forceTakes);
        new SimCondition(scheduler).awaitPast(end);
    }

    /** How many of these octets fit. */
    int room(long growth, int octets) {
        long free = Math.max(0, capacity - used);
        return growth <= free ? octets : (int) Math.max(0, octets - (growth - free));
    }

    /** The file is so much longer, or shorter, by a change that is the newest of all. */
    void changed(SimInode inode, long growth) {
        used += growth;
        tree.changed(inode);
    }

    void traceOctets(byte[] octets) {
        trace.add(octets, 0, octets.length);
    }

    void closed() {
        openFiles--;
    }

    SimTree afterKill() {
        return tree.afterKill();
    }

    SimTree afterPowerCut(SimLoss loss) {
        return tree.afterPowerCut(loss.remains(random));
    }

    void takeSettings(SimDisk other) {
        capacity = other.capacity;
        forceTakes = other.forceTakes;
    }

    private void createWithAllAbove(Path directory) throws IOException {
        Path parent = directory.getParent();
        if (parent == null) {
            return;
        }
        createWithAllAbove(parent);
        if (tree.file(directory) != null) {
            throw new FileAlreadyExistsException(directory.toString());
        }
        if (!tree.isDirectory(directory)) {
            perform(
                    SimDiskOperation.CREATE_DIRECTORIES,
                    directory,
                    () -> {
                        tree.addDirectory(directory);
                        return directory;
                    });
        }
        forceDirectory(parent);
    }

    private DiskFile openExisting(Path path, boolean writable) throws IOException {
        if (tree.isDirectory(path)) {
            throw new IOException(path + " is a directory");
        }
        return perform(SimDiskOperation.OPEN, path, () -> opened(path, require(path), writable));
    }

    private DiskFile opened(Path path, SimInode inode, boolean writable) {
        openFiles++;
        return new SimDiskFile(this, path, inode, writable);
    }

    private SimInode require(Path path) throws NoSuchFileException {
        SimInode inode = tree.file(path);
        if (inode == null) {
            throw new NoSuchFileException(path.toString());
        }
        return inode;
    }

    private void requireParent(Path path) throws IOException {
        @Nullable Path parent = path.getParent();
        if (parent != null && !tree.isDirectory(parent)) {
            throw new NoSuchFileException(path.toString());
        }
    }

    private void requireDirectory(Path path) throws IOException {
        if (tree.file(path) != null) {
            throw new NotDirectoryException(path.toString());
        }
        if (!tree.isDirectory(path)) {
            throw new NoSuchFileException(path.toString());
        }
    }

    private static Path normal(Path path) {
        return path.toAbsolutePath().normalize();
    }
}
