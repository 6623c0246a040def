package io.matriarch.server.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Reads zoo.cfg and the dynamic file that it may name, and tells apart what is supported, known and unknown. */
final class FilesReader {
    private final Settings settings;

    FilesReader(Settings settings) {
        this.settings = settings;
    }

    /** False if zoo.cfg cannot be read, which makes all else pointless. */
    boolean read(ConfigValues values) {
        if (!readFile(settings.file(), false)) {
            return false;
        }
        readDynamicFile(values);
        return true;
    }

    private boolean readFile(Path file, boolean isDynamic) {
        List<Setting> read;
        try {
            read = ConfigFile.read(file);
        } catch (IOException e) {
            settings.problems().add(file + ": cannot be read: " + e);
            return false;
        }
        for (Setting setting : read) {
            take(setting, isDynamic);
        }
        return true;
    }

    private void take(Setting setting, boolean isDynamic) {
        String key = setting.key();
        if (key.equals(ConfigFile.MALFORMED)) {
            settings.problems()
                    .add(setting.file() + ":" + setting.line() + ": " + setting.value()
                            + ": a \\u must be followed by four hexadecimal digits");
        } else if (ConfigKeys.isMembership(key)) {
            settings.addMember(setting);
        } else if (isDynamic) {
            settings.problems().add(setting.problem("a dynamic file may hold only server., group and weight keys"));
        } else if (ConfigKeys.isSupported(key)) {
            settings.add(setting);
        } else {
            refuseOrWarn(setting);
        }
    }

    /** Without effect here; a setting whose silent loss would open a door stops the start instead. */
    private void refuseOrWarn(Setting setting) {
        if (setting.key().equals("secureClientPort")) {
            settings.problems().add(setting.problem("TLS for clients is not supported yet; must be absent"));
        } else {
            warn(setting);
        }
    }

    private void warn(Setting setting) {
        String key = setting.key();
        if (ConfigKeys.isHarmless(key, setting.value())) {
            return;
        }
        String text;
        if (key.startsWith(Settings.PREFIX)) {
            // Compat: Apache puts its prefix before every key it does not know, so this one has it twice.
            text = "has no effect; in this file the key is " + key.substring(Settings.PREFIX.length());
        } else if (ConfigKeys.isJvmOption(key)) {
            text = "has no effect in this file; give it to the JVM as -D" + key + "=" + setting.value();
        } else if (ConfigKeys.isKnown(key)) {
            text = "is not supported and has no effect";
        } else {
            String nearest = ConfigKeys.nearest(key);
            text = "is unknown and has no effect; "
                    + (nearest != null ? "perhaps " + nearest + " was meant" : "check the spelling");
        }
        settings.warnings().add(setting.problem(text));
    }

    private void readDynamicFile(ConfigValues values) {
        Path file = settings.path("dynamicConfigFile");
        if (file == null) {
            return;
        }
        if (!settings.memberSettings().isEmpty()) {
            settings.add(
                    "dynamicConfigFile", "server lines must stand either here or in the dynamic file, not in both");
        }
        if (!readFile(file, true)) {
            return;
        }
        String name = file.toString();
        String suffix = name.substring(name.lastIndexOf('.') + 1);
        if (name.contains(".dynamic.")) {
            try {
                values.configVersion = Long.parseUnsignedLong(suffix, 16);
            } catch (NumberFormatException e) {
                settings.add("dynamicConfigFile", "the file name must end in the version in hexadecimal digits");
            }
        }
    }
}
