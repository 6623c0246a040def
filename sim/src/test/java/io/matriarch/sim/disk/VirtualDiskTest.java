package io.matriarch.sim.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.sim.time.Chance;
import io.matriarch.storage.FileSystem;
import io.matriarch.storage.FileSystem.ReadableFile;
import io.matriarch.storage.FileSystem.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The contract of {@link FileSystem}, clause by clause, over many crashes. */
class VirtualDiskTest {
    private static final int CRASHES = 200;
    private static final String DIRECTORY = "/d";
    private static final String PATH = DIRECTORY + "/file";

    @Test
    void whatWasForcedSurvives() throws IOException {
        for (int seed = 0; seed < CRASHES; seed++) {
            VirtualDisk disk = new VirtualDisk(new Chance(seed));
            FileSystem files = new DiskFileSystem(disk);
            WritableFile file = forced(files, "forced");
            file.write(6, bytes(" not"));
            disk.losePower();
            assertThat(content(files, PATH)).startsWith("forced");
        }
    }

    @Test
    void whatWasNotForcedMaySurviveOrNot() throws IOException {
        Set<String> seen = new TreeSet<>();
        for (int seed = 0; seed < CRASHES; seed++) {
            VirtualDisk disk = new VirtualDisk(new Chance(seed));
            FileSystem files = new DiskFileSystem(disk);
            WritableFile file = forced(files, "old");
            file.write(0, bytes("new"));
            disk.losePower();
            seen.add(content(files, PATH));
        }
        assertThat(seen).containsExactly("new", "old");
    }

    /** Epoch files are replaced in place (seed 11580). */
    @Test
    void aWriteInsideASectorIsNotCutInTwo() throws IOException {
        Set<String> seen = new TreeSet<>();
        for (int seed = 0; seed < CRASHES; seed++) {
            VirtualDisk disk = new VirtualDisk(new Chance(seed));
            FileSystem files = new DiskFileSystem(disk);
            WritableFile file = forced(files, "17");
            disk.armPowerLoss(1);
            assertThatThrownBy(() -> file.write(0, bytes("20"))).isInstanceOf(PowerLoss.class);
            disk.losePower();
            seen.add(content(files, PATH));
        }
        assertThat(seen).containsExactly("17", "20");
    }

    @Test
    void pagesAreTornAtSectors() throws IOException {
        int size = 2 * VirtualFile.PAGE_BYTES;
        boolean isTorn = false;
        for (int seed = 0; seed < CRASHES; seed++) {
            VirtualDisk disk = new VirtualDisk(new Chance(seed));
            FileSystem files = new DiskFileSystem(disk);
            WritableFile file = forced(files, "a".repeat(size));
            file.write(0, bytes("b".repeat(size)));
            disk.losePower();
            String found = content(files, PATH);
            assertThat(found).hasSize(size);
            for (int at = 0; at < size; at += FileSystem.SECTOR_BYTES) {
                String sector = found.substring(at, at + FileSystem.SECTOR_BYTES);
                assertThat(sector).isIn("a".repeat(sector.length()), "b".repeat(sector.length()));
            }
            isTorn |= found.contains("a") && found.contains("b");
        }
        assertThat(isTorn).isTrue();
    }

    @Test
    void aFileIsLostWithItsUnforcedName() throws IOException {
        Set<Boolean> exists = new TreeSet<>();
        for (int seed = 0; seed < CRASHES; seed++) {
            VirtualDisk disk = new VirtualDisk(new Chance(seed));
            FileSystem files = new DiskFileSystem(disk);
            WritableFile file = files.openForWriting(PATH);
            file.write(0, bytes("x"));
            file.force();
            disk.losePower();
            exists.add(files.exists(PATH));
        }
        assertThat(exists).containsExactly(false, true);
    }

    @Test
    void aRenameHappensEntirelyOrNotAtAll() throws IOException {
        Set<String> seen = new TreeSet<>();
        for (int seed = 0; seed < CRASHES; seed++) {
            VirtualDisk disk = new VirtualDisk(new Chance(seed));
            FileSystem files = new DiskFileSystem(disk);
            create(files, PATH, "old");
            create(files, PATH + ".tmp", "new");
            files.forceDirectory(DIRECTORY);
            files.rename(PATH + ".tmp", PATH);
            disk.losePower();
            seen.add(content(files, PATH) + (files.exists(PATH + ".tmp") ? " beside the other" : ""));
        }
        assertThat(seen).containsExactly("new", "old beside the other");
    }

    @Test
    void theEndOfAProcessLosesNothing() throws IOException {
        VirtualDisk disk = new VirtualDisk(new Chance(1));
        create(new DiskFileSystem(disk), PATH, "written");
        assertThat(content(new DiskFileSystem(disk), PATH)).isEqualTo("written");
    }

    @Test
    void durableContentIsWhatTheWorstCrashLeaves() throws IOException {
        VirtualDisk disk = new VirtualDisk(new Chance(1));
        FileSystem files = new DiskFileSystem(disk);
        WritableFile file = files.openForWriting(PATH);
        file.write(0, bytes("one"));
        file.force();
        assertThat(disk.durableContent(PATH)).as("the name is not durable").isNull();
        files.forceDirectory(DIRECTORY);
        file.write(0, bytes("two"));
        assertThat(disk.durableContent(PATH)).isNotNull();
        assertThat(disk.durableContent(PATH).asUtf8()).isEqualTo("one");
    }

    @Test
    void anArmedErrorFailsThatOperationOnly() throws IOException {
        VirtualDisk disk = new VirtualDisk(new Chance(1));
        FileSystem files = new DiskFileSystem(disk);
        WritableFile file = files.openForWriting(PATH);
        disk.armError(2);
        file.write(0, bytes("x"));
        assertThatThrownBy(file::force).isInstanceOf(IOException.class).hasMessageContaining("force " + PATH);
        assertThat(disk.hasFailed()).isTrue();
        file.force();
    }

    @Test
    void anArmedPowerLossIsNoFailureOfTheDisk() throws IOException {
        VirtualDisk disk = new VirtualDisk(new Chance(1));
        WritableFile file = new DiskFileSystem(disk).openForWriting(PATH);
        disk.armPowerLoss(1);
        assertThatThrownBy(() -> file.write(0, bytes("x"))).isInstanceOf(PowerLoss.class);
        assertThat(disk.hasFailed()).isFalse();
    }

    private static void create(FileSystem files, String path, String content) throws IOException {
        WritableFile file = files.openForWriting(path);
        file.write(0, bytes(content));
        file.force();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A file that holds this, its name too. */
    private static WritableFile forced(FileSystem files, String content) throws IOException {
        WritableFile file = files.openForWriting(PATH);
        file.write(0, bytes(content));
        file.force();
        files.forceDirectory(DIRECTORY);
        return file;
    }

    private static String content(FileSystem files, String path) throws IOException {
        ReadableFile file = files.openForReading(path);
        ByteBuffer all = ByteBuffer.allocate((int) file.size());
        int read = file.read(0, all);
        return new String(all.array(), 0, read, StandardCharsets.UTF_8);
    }
}
