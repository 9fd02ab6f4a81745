package javacard.security;

public interface ECPrivateKey extends PrivateKey, ECKey {
    void setS(byte[] buffer, short offset, short length);

    short getS(byte[] buffer, short offset);
}
