/** By what this device opens without network: shared by the account, the question on the first screen, and dialogs. */
import { t } from "@phien/kit/i18n";
import { passkeysOffered, type Vault } from "@phien/kit/vault";

class Ways {
  /** Null until it is known. */
  kinds = $state.raw<readonly ("pin" | "passkey")[] | null>(null);
  passkeys = $state(false);

  async look(vault: Vault): Promise<void> {
    this.kinds = await vault.locks.kinds().catch(() => []);
    this.passkeys = await passkeysOffered();
  }

  get pin(): boolean {
    return this.kinds?.includes("pin") ?? false;
  }

  get passkey(): boolean {
    return this.kinds?.includes("passkey") ?? false;
  }
}

export const ways = new Ways();

/** Makes a passkey for this device; the sentence to show where it was not made, null where all is well. */
export async function addPasskey(vault: Vault, name: string): Promise<string | null> {
  try {
    // Browsers may list it among those that sign in: its name says what it is for.
    await vault.setPasskey({ name: t("{name} (mở khi mất mạng)", { name }), title: t("Phiên") });
    await ways.look(vault);
    return null;
  } catch (error) {
    if ((error as Error).name === "NotAllowedError") return t("Chưa tạo: cửa sổ của máy đã đóng.");
    if ((error as Error).name === "NotSupportedError") return t("Máy này chưa dùng được vân tay hoặc khuôn mặt cho việc này. Mã 6 số vẫn mở được.");
    return t("Chưa tạo được. Mã 6 số vẫn mở được.");
  }
}
