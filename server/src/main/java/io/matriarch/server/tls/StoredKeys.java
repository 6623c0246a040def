package io.matriarch.server.tls;

import io.matriarch.server.config.KeyStoreFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Reads keys and certificates from JKS, PKCS 12 and PEM files into a key store in memory. */
final class StoredKeys {
    private static final Pattern PEM_BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final String PBES2 = "1.2.840.113549.1.5.13";

    private StoredKeys() {}

    /**
     * What the file holds.
     *
     * @throws GeneralSecurityException if it makes no sense or the password is wrong
     * @throws IOException if it cannot be read
     */
    static KeyStore read(KeyStoreFile file) throws GeneralSecurityException, IOException {
        char[] password = file.password().toCharArray();
        if (file.type() != KeyStoreFile.Type.PEM) {
            KeyStore store = KeyStore.getInstance(file.type().name());
            try (InputStream in = Files.newInputStream(file.location())) {
                store.load(in, password);
            }
            return store;
        }
        return fromPem(Files.readString(file.location(), StandardCharsets.ISO_8859_1), password);
    }

    private static KeyStore fromPem(String text, char[] password) throws GeneralSecurityException, IOException {
        List<Certificate> certificates = new ArrayList<>();
        PrivateKey key = null;
        Matcher blocks = PEM_BLOCK.matcher(text);
        while (blocks.find()) {
            byte[] der = Base64.getMimeDecoder().decode(blocks.group(2));
            switch (blocks.group(1)) {
                case "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE" ->
                    certificates.add(
                            CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)));
                case "PRIVATE KEY" -> key = keyOf(new PKCS8EncodedKeySpec(der));
                case "ENCRYPTED PRIVATE KEY" -> key = keyOf(decrypted(der, password));
                case "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY" ->
                    throw new InvalidKeySpecException("the private key is not in PKCS 8; convert it with"
                            + " 'openssl pkcs8 -topk8 -nocrypt -in old.pem -out new.pem'");
                default -> {
                    // Parameters and the like are no use here.
                }
            }
        }
        if (certificates.isEmpty()) {
            throw new InvalidKeySpecException("it holds no certificate in PEM");
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, password);
        if (key != null) {
            store.setKeyEntry("key", key, password, certificates.toArray(new Certificate[0]));
        } else {
            for (int i = 0; i < certificates.size(); i++) {
                store.setCertificateEntry("trusted-" + i, certificates.get(i));
            }
        }
        return store;
    }

    private static PKCS8EncodedKeySpec decrypted(byte[] der, char[] password)
            throws GeneralSecurityException, IOException {
        EncryptedPrivateKeyInfo encrypted = new EncryptedPrivateKeyInfo(der);
        String algorithm = encrypted.getAlgName();
        if (algorithm.equals("PBES2") || algorithm.equals(PBES2)) {
            // The JDK names the algorithm proper only as the text of its parameters.
            algorithm = encrypted.getAlgParameters().toString();
        }
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.DECRYPT_MODE,
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password)),
                encrypted.getAlgParameters());
        return encrypted.getKeySpec(cipher);
    }

    private static PrivateKey keyOf(PKCS8EncodedKeySpec spec) throws GeneralSecurityException {
        InvalidKeySpecException last = new InvalidKeySpecException("the private key is of no known algorithm");
        for (String algorithm : List.of("RSA", "EC", "EdDSA", "DSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                // Of another algorithm.
                last.addSuppressed(e);
            }
        }
        throw last;
    }
}
