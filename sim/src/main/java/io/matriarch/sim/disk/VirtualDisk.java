package io.matriarch.sim.disk;

import io.matriarch.sim.time.Chance;
import io.matriarch.wire.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A server's disk. It outlives the server's processes. What was written but not forced is lost, kept or torn when the
 * power goes ({@link #losePower}); names created, renamed or deleted count only once their directory was forced, in
 * order. The end of a process alone loses nothing. Files hold up to 2 GiB.
 */
public final class VirtualDisk {
    /** One change of a directory that its force has not covered yet. */
    private record NameChange(
            String remove, @Nullable String add, @Nullable VirtualFile file) {}

    private final Chance chance;
    private final TreeMap<String, VirtualFile> seen = new TreeMap<>();
    private final TreeMap<String, VirtualFile> durable = new TreeMap<>();
    private final TreeMap<String, List<NameChange>> pending = new TreeMap<>();

    private int operationsUntilPowerLoss = -1;
    private int operationsUntilError = -1;
    private boolean hasFailed;

    public VirtualDisk(Chance chance) {
        this.chance = chance;
    }

    // --- faults ------------------------------------------------------------------------------------------------------

    /** The power goes in the middle of the {@code operations}-th changing operation from now, by a {@link PowerLoss}. */
    public void armPowerLoss(int operations) {
        operationsUntilPowerLoss = operations;
    }

    /** The {@code operations}-th changing operation from now fails with an IOException. */
    public void armError(int operations) {
        operationsUntilError = operations;
    }

    /** Forgets what was armed. */
    public void disarm() {
        operationsUntilPowerLoss = -1;
        operationsUntilError = -1;
    }

    /** Whether an operation failed since {@link #forgetFailure}. */
    public boolean hasFailed() {
        return hasFailed;
    }

    public void forgetFailure() {
        hasFailed = false;
    }

    /** Another disk, an empty one, takes this one's place. */
    public void replace() {
        disarm();
        pending.clear();
        seen.clear();
        durable.clear();
    }

    /** Loses what was not forced, in whole or in part. */
    public void losePower() {
        disarm();
        for (List<NameChange> changes : pending.values()) {
            surviving(changes).forEach(this::makeDurable);
        }
        pending.clear();
        seen.clear();
        seen.putAll(durable);
        seen.values().forEach(file -> file.crash(chance));
    }

    /** A journal keeps a prefix; other file systems any subset. */
    private List<NameChange> surviving(List<NameChange> changes) {
        if (chance.hits(0.6)) {
            return changes.subList(0, chance.below(changes.size() + 1));
        }
        List<NameChange> kept = new ArrayList<>();
        for (NameChange change : changes) {
            if (chance.hits(0.5)) {
                kept.add(change);
            }
        }
        return kept;
    }

    // --- what checks look at -----------------------------------------------------------------------------------------

    /** What {@code path} would hold if the power went now and nothing unforced survived; null if it would not exist. */
    public @Nullable Bytes durableContent(String path) {
        VirtualFile file = durable.get(path);
        return file == null ? null : Bytes.wrap(file.durableContent());
    }

    /** What a process that starts now reads from {@code path}; null if it does not exist. */
    public @Nullable Bytes seenContent(String path) {
        VirtualFile file = seen.get(path);
        if (file == null) {
            return null;
        }
        byte[] content = new byte[file.size()];
        file.read(0, content, 0, content.length);
        return Bytes.wrap(content);
    }

    /** Every file of which something is on the platter, by path. */
    public SortedMap<String, Bytes> durableImage() {
        TreeMap<String, Bytes> image = new TreeMap<>();
        for (Map.Entry<String, VirtualFile> entry : durable.entrySet()) {
            image.put(entry.getKey(), Bytes.wrap(entry.getValue().durableContent()));
        }
        return image;
    }

    // --- operations --------------------------------------------------------------------------------------------------

    @Nullable
    VirtualFile file(String path) {
        return seen.get(path);
    }

    /** The file at {@code path}, created if it does not exist. */
    VirtualFile open(String path) throws IOException {
        VirtualFile file = seen.get(path);
        if (file == null) {
            operation("create " + path);
            file = new VirtualFile();
            change(path, new NameChange(path, path, file));
            seen.put(path, file);
        }
        return file;
    }

    void write(String path, VirtualFile file, int at, byte[] from, int offset, int length) throws IOException {
        try {
            operation("write " + path);
        } catch (PowerLoss | IOException e) {
            // What failed may have been done in part.
            file.write(at, from, offset, file.wholeSectors(at, chance.below(length + 1)));
            throw e;
        }
        file.write(at, from, offset, length);
    }

    void resize(String path, VirtualFile file, int size) throws IOException {
        operation("resize " + path);
        file.resize(size);
    }

    void force(String path, VirtualFile file) throws IOException {
        operation("force " + path);
        file.force();
    }

    void rename(String from, String to) throws IOException {
        operation("rename " + from);
        VirtualFile file = seen.remove(from);
        if (file == null) {
            throw new IOException("no such file: " + from);
        }
        seen.put(to, file);
        change(to, new NameChange(from, to, file));
    }

    boolean delete(String path) throws IOException {
        if (!seen.containsKey(path)) {
            return false;
        }
        operation("delete " + path);
        seen.remove(path);
        change(path, new NameChange(path, null, null));
        return true;
    }

    void forceDirectory(String directory) throws IOException {
        operation("force " + directory);
        List<NameChange> changes = pending.remove(directory);
        if (changes != null) {
            changes.forEach(this::makeDurable);
        }
    }

    /** Names directly in {@code directory}, ascending. */
    List<String> list(String directory) {
        String prefix = directory + "/";
        List<String> names = new ArrayList<>();
        for (String path : seen.tailMap(prefix).keySet()) {
            if (!path.startsWith(prefix)) {
                break;
            }
            if (path.indexOf('/', prefix.length()) < 0) {
                names.add(path.substring(prefix.length()));
            }
        }
        return names;
    }

    private void change(String path, NameChange change) {
        String directory = path.substring(0, Math.max(0, path.lastIndexOf('/')));
        pending.computeIfAbsent(directory, key -> new ArrayList<>()).add(change);
    }

    private void makeDurable(NameChange change) {
        durable.remove(change.remove);
        if (change.add != null && change.file != null) {
            durable.put(change.add, change.file);
        }
    }

    private void operation(String what) throws IOException {
        if (operationsUntilPowerLoss > 0 && --operationsUntilPowerLoss == 0) {
            throw new PowerLoss(what);
        }
        if (operationsUntilError > 0 && --operationsUntilError == 0) {
            hasFailed = true;
            throw new IOException("simulated disk error during " + what);
        }
    }
}
