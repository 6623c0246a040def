package io.matriarch.storage;

import io.matriarch.core.quorum.Configuration;
import io.matriarch.core.quorum.Member;
import io.matriarch.wire.Bytes;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.ServerId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files beside a server's configuration file {@code zoo.cfg} that hold the members as they are agreed and as they were
 * proposed last (operations.md 2):
 *
 * <ul>
 *   <li>{@code zoo.cfg.dynamic.<hex version>}: an agreed configuration, its lines sorted, without a version line
 *   <li>{@code zoo.cfg.dynamic.next}: a newer one that is only proposed, with its version line
 *   <li>{@code zoo.cfg}: names the agreed one; what that holds is taken out of it
 *   <li>{@code zoo.cfg.bak}: zoo.cfg as it was when it held the members itself
 * </ul>
 *
 * <p>Every file is replaced entirely or not at all, and one that another needs is durable before that one names it.
 */
public final class ConfigurationFiles {
    private static final String DYNAMIC = ".dynamic.";
    private static final String NEXT = "next";
    private static final String BACKUP = ".bak";
    private static final String TMP = ".tmp";
    /** A longer file is no configuration: a thousand members with long names need less. */
    private static final int MAX_BYTES = 1 << 20;

    private final FileSystem files;
    private final String configFile;
    private final ServerId self;
    private final String directory;
    private long writtenVersion = -1;

    /**
     * @param configFile path of zoo.cfg, with its directory
     * @param self whose line may hold the client port that zoo.cfg must not repeat
     */
    public ConfigurationFiles(FileSystem files, String configFile, ServerId self) {
        this.files = files;
        this.configFile = configFile;
        this.self = self;
        this.directory = configFile.substring(0, Math.max(1, configFile.lastIndexOf('/')));
    }

    /** The configuration that was proposed and not known to be agreed when the server stopped; null if none was. */
    public @Nullable Configuration readNext() {
        return read(configFile + DYNAMIC + NEXT);
    }

    /** The configuration that zoo.cfg names, with the version in that name; null if zoo.cfg names none. */
    public @Nullable Configuration readAgreed() {
        try {
            String named =
                    files.exists(configFile) ? StaticFile.of(text(configFile)).dynamicFile() : null;
            Configuration agreed = named == null ? null : read(named);
            return agreed == null ? null : agreed.withVersion(versionIn(named));
        } catch (IOException e) {
            throw new StorageException("reading " + configFile + " failed: " + e, e);
        }
    }

    /** Makes both durable; {@code lastSeen} is newer than {@code committed}, or the same. */
    void store(Configuration committed, Configuration lastSeen) throws IOException {
        boolean isPending = lastSeen.version() > committed.version();
        if (isPending) {
            replace(configFile + DYNAMIC + NEXT, lastSeen.text());
        }
        if (committed.version() > 0 && committed.version() != writtenVersion) {
            storeAgreed(committed);
            writtenVersion = committed.version();
        }
        if (!isPending && files.exists(configFile + DYNAMIC + NEXT)) {
            files.delete(configFile + DYNAMIC + NEXT);
            files.forceDirectory(directory);
        }
    }

    private void storeAgreed(Configuration committed) throws IOException {
        String dynamicFile = configFile + DYNAMIC + Long.toHexString(committed.version());
        replace(dynamicFile, dynamicText(committed));
        Bytes before = files.exists(configFile) ? content(configFile) : Bytes.EMPTY;
        StaticFile zooCfg = StaticFile.of(latin1(before));
        if (zooCfg.hasMembers()) {
            replace(configFile + BACKUP, before);
        }
        Member own = committed.member(self);
        boolean holdsClientPort = own != null && own.client() != null;
        String after = zooCfg.naming(dynamicFile, holdsClientPort);
        replace(configFile, Bytes.wrap(after.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** Compat: lines sorted, none for the version, which the name of the file holds. */
    private static String dynamicText(Configuration configuration) {
        List<String> lines = new ArrayList<>(configuration.text().lines().toList());
        lines.removeIf(line -> line.startsWith("version="));
        lines.sort(null);
        return String.join("\n", lines);
    }

    private static long versionIn(String path) {
        int dot = path.lastIndexOf('.');
        try {
            return path.contains(DYNAMIC) ? Long.parseLong(path.substring(dot + 1), 16) : 0;
        } catch (NumberFormatException e) {
            throw new StorageException(path + ": the name must end in the version in hexadecimal digits", e);
        }
    }

    // --- files -------------------------------------------------------------------------------------------------------

    private @Nullable Configuration read(String path) {
        try {
            return files.exists(path) ? Configuration.parse(text(path)) : null;
        } catch (MalformedException e) {
            throw new StorageException(
                    path + " holds no configuration: " + e.getMessage()
                            + "; restore it, or copy the configuration of a server that runs",
                    e);
        } catch (IOException e) {
            throw new StorageException("reading " + path + " failed: " + e, e);
        }
    }

    private String text(String path) throws IOException {
        return latin1(content(path));
    }

    private static String latin1(Bytes content) {
        return new String(content.array(), content.offset(), content.length(), StandardCharsets.ISO_8859_1);
    }

    private Bytes content(String path) throws IOException {
        try (FileSystem.ReadableFile file = files.openForReading(path)) {
            if (file.size() > MAX_BYTES) {
                throw new IOException(path + " has " + file.size() + " bytes, more than " + MAX_BYTES);
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            while (bytes.hasRemaining() && file.read(bytes.position(), bytes) > 0) {
                // Until the end.
            }
            return Bytes.wrap(bytes.array());
        }
    }

    private void replace(String path, String text) throws IOException {
        replace(path, Bytes.utf8(text));
    }

    private void replace(String path, Bytes content) throws IOException {
        try (FileSystem.WritableFile tmp = files.openForWriting(path + TMP)) {
            tmp.truncate(0);
            tmp.write(0, ByteBuffer.wrap(content.array(), content.offset(), content.length()));
            tmp.force();
        }
        files.rename(path + TMP, path);
        files.forceDirectory(directory);
    }
}
