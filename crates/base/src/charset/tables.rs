//! Encodings of mainframes and of DOS, which the web doesn't know: each byte is a character. Must not know names
//! that aren't Python's.

/// An encoding of 256 characters.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// Python's names for it.
    names: &'static [&'static str],
    /// Its last characters; those before are ASCII.
    characters: &'static str,
}

const CP037: Table = Table {
    names: &["cp037", "ibm037", "ibm039", "037"],
    characters: concat!(
        "\u{0}\u{1}\u{2}\u{3}\u{9c}\u{9}\u{86}\u{7f}\u{97}\u{8d}\u{8e}\u{b}\u{c}\u{d}\u{e}\u{f}\u{10}\u{11}\u{12}\u{13}\u{9d}\u{85}\u{8}\u{87}\u{18}\u{19}\u{92}\u{8f}\u{1c}\u{1d}\u{1e}\u{1f}",
        "\u{80}\u{81}\u{82}\u{83}\u{84}\u{a}\u{17}\u{1b}\u{88}\u{89}\u{8a}\u{8b}\u{8c}\u{5}\u{6}\u{7}\u{90}\u{91}\u{16}\u{93}\u{94}\u{95}\u{96}\u{4}\u{98}\u{99}\u{9a}\u{9b}\u{14}\u{15}\u{9e}\u{1a}",
        " \u{a0}âäàáãåçñ¢.<(+|&éêëèíîïìß!$*);¬",
        "-/ÂÄÀÁÃÅÇÑ¦,%_>?øÉÊËÈÍÎÏÌ`:#@'=\"",
        "Øabcdefghi«»ðýþ±°jklmnopqrªºæ¸Æ¤",
        "µ~stuvwxyz¡¿ÐÝÞ®^£¥·©§¶¼½¾[]¯¨´×",
        "{ABCDEFGHI\u{ad}ôöòóõ}JKLMNOPQR¹ûüùúÿ",
        "\\÷STUVWXYZ²ÔÖÒÓÕ0123456789³ÛÜÙÚ\u{9f}",
    ),
};

const CP273: Table = Table {
    names: &["cp273", "273", "ibm273"],
    characters: concat!(
        "\u{0}\u{1}\u{2}\u{3}\u{9c}\u{9}\u{86}\u{7f}\u{97}\u{8d}\u{8e}\u{b}\u{c}\u{d}\u{e}\u{f}\u{10}\u{11}\u{12}\u{13}\u{9d}\u{85}\u{8}\u{87}\u{18}\u{19}\u{92}\u{8f}\u{1c}\u{1d}\u{1e}\u{1f}",
        "\u{80}\u{81}\u{82}\u{83}\u{84}\u{a}\u{17}\u{1b}\u{88}\u{89}\u{8a}\u{8b}\u{8c}\u{5}\u{6}\u{7}\u{90}\u{91}\u{16}\u{93}\u{94}\u{95}\u{96}\u{4}\u{98}\u{99}\u{9a}\u{9b}\u{14}\u{15}\u{9e}\u{1a}",
        " \u{a0}â{àáãåçñÄ.<(+!&éêëèíîïì~Ü$*);^",
        "-/Â[ÀÁÃÅÇÑö,%_>?øÉÊËÈÍÎÏÌ`:#§'=\"",
        "Øabcdefghi«»ðýþ±°jklmnopqrªºæ¸Æ¤",
        "µßstuvwxyz¡¿ÐÝÞ®¢£¥·©@¶¼½¾¬|‾¨´×",
        "äABCDEFGHI\u{ad}ô¦òóõüJKLMNOPQR¹û}ùúÿ",
        "Ö÷STUVWXYZ²Ô\\ÒÓÕ0123456789³Û]ÙÚ\u{9f}",
    ),
};

const CP500: Table = Table {
    names: &["cp500", "500", "ibm500", "ebcdic-cp-be"],
    characters: concat!(
        "\u{0}\u{1}\u{2}\u{3}\u{9c}\u{9}\u{86}\u{7f}\u{97}\u{8d}\u{8e}\u{b}\u{c}\u{d}\u{e}\u{f}\u{10}\u{11}\u{12}\u{13}\u{9d}\u{85}\u{8}\u{87}\u{18}\u{19}\u{92}\u{8f}\u{1c}\u{1d}\u{1e}\u{1f}",
        "\u{80}\u{81}\u{82}\u{83}\u{84}\u{a}\u{17}\u{1b}\u{88}\u{89}\u{8a}\u{8b}\u{8c}\u{5}\u{6}\u{7}\u{90}\u{91}\u{16}\u{93}\u{94}\u{95}\u{96}\u{4}\u{98}\u{99}\u{9a}\u{9b}\u{14}\u{15}\u{9e}\u{1a}",
        " \u{a0}âäàáãåçñ[.<(+!&éêëèíîïìß]$*);^",
        "-/ÂÄÀÁÃÅÇÑ¦,%_>?øÉÊËÈÍÎÏÌ`:#@'=\"",
        "Øabcdefghi«»ðýþ±°jklmnopqrªºæ¸Æ¤",
        "µ~stuvwxyz¡¿ÐÝÞ®¢£¥·©§¶¼½¾¬|¯¨´×",
        "{ABCDEFGHI\u{ad}ôöòóõ}JKLMNOPQR¹ûüùúÿ",
        "\\÷STUVWXYZ²ÔÖÒÓÕ0123456789³ÛÜÙÚ\u{9f}",
    ),
};

const CP1140: Table = Table {
    names: &["cp1140", "1140", "ibm1140"],
    characters: concat!(
        "\u{0}\u{1}\u{2}\u{3}\u{9c}\u{9}\u{86}\u{7f}\u{97}\u{8d}\u{8e}\u{b}\u{c}\u{d}\u{e}\u{f}\u{10}\u{11}\u{12}\u{13}\u{9d}\u{85}\u{8}\u{87}\u{18}\u{19}\u{92}\u{8f}\u{1c}\u{1d}\u{1e}\u{1f}",
        "\u{80}\u{81}\u{82}\u{83}\u{84}\u{a}\u{17}\u{1b}\u{88}\u{89}\u{8a}\u{8b}\u{8c}\u{5}\u{6}\u{7}\u{90}\u{91}\u{16}\u{93}\u{94}\u{95}\u{96}\u{4}\u{98}\u{99}\u{9a}\u{9b}\u{14}\u{15}\u{9e}\u{1a}",
        " \u{a0}âäàáãåçñ¢.<(+|&éêëèíîïìß!$*);¬",
        "-/ÂÄÀÁÃÅÇÑ¦,%_>?øÉÊËÈÍÎÏÌ`:#@'=\"",
        "Øabcdefghi«»ðýþ±°jklmnopqrªºæ¸Æ€",
        "µ~stuvwxyz¡¿ÐÝÞ®^£¥·©§¶¼½¾[]¯¨´×",
        "{ABCDEFGHI\u{ad}ôöòóõ}JKLMNOPQR¹ûüùúÿ",
        "\\÷STUVWXYZ²ÔÖÒÓÕ0123456789³ÛÜÙÚ\u{9f}",
    ),
};

const CP437: Table = Table {
    names: &["cp437", "437", "ibm437"],
    characters: concat!(
        "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ",
        "áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐",
        "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀",
        "αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}",
    ),
};

const CP850: Table = Table {
    names: &["cp850", "850", "ibm850"],
    characters: concat!(
        "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ",
        "áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐",
        "└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀",
        "ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}",
    ),
};

const CP852: Table = Table {
    names: &["cp852", "852", "ibm852"],
    characters: concat!(
        "ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×č",
        "áíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐",
        "└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀",
        "ÓßÔŃńňŠšŔÚŕŰýÝţ´\u{ad}˝˛ˇ˘§÷¸°¨˙űŘř■\u{a0}",
    ),
};

const CP858: Table = Table {
    names: &["cp858", "858", "ibm858"],
    characters: concat!(
        "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ",
        "áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐",
        "└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈ€ÍÎÏ┘┌█▄¦Ì▀",
        "ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}",
    ),
};

static TABLES: [Table; 8] = [CP037, CP273, CP500, CP1140, CP437, CP850, CP852, CP858];

/// The table of this name, which is in small letters.
pub(super) fn named(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.names.contains(&name))
}

impl Table {
    /// All of its characters by their bytes.
    fn all(&self) -> Vec<char> {
        let ascii = 256 - self.characters.chars().count();
        (0..=u8::MAX).take(ascii).map(char::from).chain(self.characters.chars()).collect()
    }

    /// The text of bytes; all of them are some.
    pub(super) fn decode(&self, bytes: &[u8]) -> String {
        let all = self.all();
        bytes.iter().filter_map(|byte| all.get(usize::from(*byte))).collect()
    }

    /// The bytes of a text, or the place of a character that it doesn't have.
    pub(super) fn encode(&self, text: &str) -> Result<Vec<u8>, (usize, char)> {
        let all = self.all();
        let known: std::collections::HashMap<char, u8> = all.into_iter().zip(0..=u8::MAX).collect();
        let bytes = text.chars().enumerate().map(|(at, c)| known.get(&c).copied().ok_or((at, c)));
        bytes.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_all_bytes() {
        for table in &TABLES {
            let bytes: Vec<u8> = (0..=u8::MAX).collect();
            let text = table.decode(&bytes);
            assert_eq!(text.chars().count(), 256, "{:?}", table.names);
            assert_eq!(table.encode(&text), Ok(bytes), "{:?}", table.names);
        }
    }

    #[test]
    fn as_python_has_them() {
        // python3 -c 'print("Test Ä".encode("cp273"), "é€".encode("cp858"))'
        let encode = |name: &str, text: &str| named(name).unwrap().encode(text);
        assert_eq!(encode("cp273", "Test Ä"), Ok(b"\xe3\x85\xa2\xa3@J".to_vec()));
        assert_eq!(encode("cp858", "é€"), Ok(vec![0x82, 0xd5]));
        assert_eq!(encode("cp437", "a€"), Err((1, '€')));
        assert!(named("cp999").is_none());
    }
}
