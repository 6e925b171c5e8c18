package org.posthouse.sim;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Which name stands for which file, and every change of names since its directory was forced.
 *
 * <p>A crash undoes the changes and does each again or not, as {@link SimRemains} says; forced ones
 * for certain. A rename happens whole or not at all, also between directories, and forcing either
 * directory makes it durable, as journalling file systems do it. A directory's name stands in the
 * one above, and with it goes all that is below, forced or not.
 */
final class SimTree {
    private final TreeMap<Path, SimInode> files = new TreeMap<>();
    private final Set<Path> directories = new TreeSet<>();
    private final Set<Path> unforcedDirectories = new TreeSet<>();
    private final List<Change> changes = new ArrayList<>();
    private @Nullable SimInode newest;

    /** One change: a name goes, a name comes, or both. */
    private static final class Change {
        final @Nullable Path gone;
        final @Nullable Path come;
        final SimInode inode;
        final @Nullable SimInode replaced;
        boolean durable;

        Change(
                @Nullable Path gone,
                @Nullable Path come,
                SimInode inode,
                @Nullable SimInode replaced) {
            this.gone = gone;
            this.come = come;
            this.inode = inode;
            this.replaced = replaced;
        }

        boolean touches(Path directory) {
            return isIn(directory, gone) || isIn(directory, come);
        }

        List<Path> names() {
            return Stream.of(gone, come).filter(Objects::nonNull).toList();
        }

        private static boolean isIn(Path directory, @Nullable Path file) {
            return file != null && directory.equals(file.getParent());
        }
    }

    @Nullable SimInode file(Path path) {
        return files.get(path);
    }

    boolean isDirectory(Path path) {
        return path.getParent() == null || directories.contains(path);
    }

    void addDirectory(Path directory) {
        if (directories.add(directory)) {
            unforcedDirectories.add(directory);
        }
    }

    List<String> names(Path directory) {
        TreeSet<String> names = new TreeSet<>();
        for (Path path : below(directory).keySet()) {
            addName(names, directory, path);
        }
        for (Path path : directories) {
            addName(names, directory, path);
        }
        return List.copyOf(names);
    }

    SimInode create(Path path) {
        SimInode inode = new SimInode();
        files.put(path, inode);
        changes.add(new Change(null, path, inode, null));
        return inode;
    }

    void rename(Path from, Path to, SimInode inode) {
        if (from.equals(to)) {
            return;
        }
        SimInode replaced = files.put(to, inode);
        files.remove(from);
        changes.add(new Change(from, to, inode, replaced));
    }

    void delete(Path path, SimInode inode) {
        files.remove(path);
        changes.add(new Change(path, null, inode, null));
    }

    /** This file's change is the newest of all. */
    void changed(SimInode inode) {
        newest = inode;
    }

    void force(Path directory) {
        unforcedDirectories.removeIf(each -> directory.equals(each.getParent()));
        Set<Path> inDoubt = new HashSet<>();
        List<Change> kept = new ArrayList<>();
        for (Change change : changes) {
            change.durable |= change.touches(directory);
            if (!change.durable || change.names().stream().anyMatch(inDoubt::contains)) {
                kept.add(change);
                inDoubt.addAll(change.names());
            }
        }
        changes.clear();
        changes.addAll(kept);
    }

    long octets() {
        return files.values().stream().mapToLong(SimInode::size).sum();
    }

    /** As a killed process leaves it: everything stands, nothing more is forced. */
    SimTree afterKill() {
        return map(inode -> inode.afterKill(), true);
    }

    /** As a power cut leaves it. */
    SimTree afterPowerCut(SimRemains remains) {
        SimTree left = new SimTree();
        left.files.putAll(files);
        for (int i = changes.size() - 1; i >= 0; i--) {
            left.undo(changes.get(i));
        }
        for (Change change : changes) {
            if (change.durable || remains.keepsName()) {
                left.redo(change);
            }
        }
        for (Path directory : directories) { // those above come first
            boolean named = !unforcedDirectories.contains(directory) || remains.keepsName();
            if (named && left.isNamed(directory)) {
                left.directories.add(directory);
            }
        }
        left.files.keySet().removeIf(file -> !left.isNamed(file));
        return left.map(inode -> inode.afterPowerCut(remains, inode.equals(newest)), false);
    }

    /** The directory that a name stands in is there. */
    private boolean isNamed(Path path) {
        Path parent = path.getParent();
        return parent != null && isDirectory(parent);
    }

    private SimTree map(UnaryOperator<SimInode> mapping, boolean withChanges) {
        Map<SimInode, SimInode> mapped = new HashMap<>();
        SimTree copy = new SimTree();
        copy.directories.addAll(directories);
        files.forEach(
                (path, inode) -> copy.files.put(path, mapped.computeIfAbsent(inode, mapping)));
        if (withChanges) {
            copy.newest = newest == null ? null : mapped.computeIfAbsent(newest, mapping);
            copy.unforcedDirectories.addAll(unforcedDirectories);
            for (Change change : changes) {
                SimInode replaced = change.replaced;
                Change other =
                        new Change(
                                change.gone,
                                change.come,
                                mapped.computeIfAbsent(change.inode, mapping),
                                replaced == null
                                        ? null
                                        : mapped.computeIfAbsent(replaced, mapping));
                other.durable = change.durable;
                copy.changes.add(other);
            }
        }
        return copy;
    }

    private void undo(Change change) {
        if (change.come != null) {
            if (change.replaced == null) {
                files.remove(change.come);
            } else {
                files.put(change.come, change.replaced);
            }
        }
        if (change.gone != null) {
            files.put(change.gone, change.inode);
        }
    }

    private void redo(Change change) {
        if (change.gone != null) {
            files.remove(change.gone);
        }
        if (change.come != null) {
            files.put(change.come, change.inode);
        }
    }

    /** The files below a directory, and few others: names are in the order of their octets. */
    private Map<Path, SimInode> below(Path directory) {
        if (directory.getParent() == null) {
            return files;
        }
        Path end = Path.of(directory + "0"); // comes right after the separator
        return files.subMap(directory, false, end, false);
    }

    private static void addName(Set<String> names, Path directory, Path path) {
        Path name = path.getFileName();
        if (name != null && directory.equals(path.getParent())) {
            names.add(name.toString());
        }
    }
}
