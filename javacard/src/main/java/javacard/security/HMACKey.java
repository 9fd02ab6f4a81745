package javacard.security;

public interface HMACKey extends SecretKey {
    void setKey(byte[] keyData, short kOff, short kLen);

    byte getKey(byte[] keyData, short kOff);
}
