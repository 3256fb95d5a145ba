//! What the firmware says of the machine (DMI).

use nafal_base::{Dict, Value};

use super::sources;

/// Facts and their files below /sys/devices/virtual/dmi/id.
const NAMES: &[(&str, &str)] = &[
    ("bios_date", "bios_date"),
    ("bios_vendor", "bios_vendor"),
    ("bios_version", "bios_version"),
    ("board_asset_tag", "board_asset_tag"),
    ("board_name", "board_name"),
    ("board_serial", "board_serial"),
    ("board_vendor", "board_vendor"),
    ("board_version", "board_version"),
    ("chassis_asset_tag", "chassis_asset_tag"),
    ("chassis_serial", "chassis_serial"),
    ("chassis_vendor", "chassis_vendor"),
    ("chassis_version", "chassis_version"),
    ("form_factor", "chassis_type"),
    ("product_name", "product_name"),
    ("product_serial", "product_serial"),
    ("product_uuid", "product_uuid"),
    ("product_version", "product_version"),
    ("system_vendor", "sys_vendor"),
];

/// The words for types of cases, by number.
const FORMS: &[&str] = &[
    "Unknown",
    "Other",
    "Unknown",
    "Desktop",
    "Low Profile Desktop",
    "Pizza Box",
    "Mini Tower",
    "Tower",
    "Portable",
    "Laptop",
    "Notebook",
    "Hand Held",
    "Docking Station",
    "All In One",
    "Sub Notebook",
    "Space-saving",
    "Lunch Box",
    "Main Server Chassis",
    "Expansion Chassis",
    "Sub Chassis",
    "Bus Expansion Chassis",
    "Peripheral Chassis",
    "RAID Chassis",
    "Rack Mount Chassis",
    "Sealed-case PC",
    "Multi-system",
    "CompactPCI",
    "AdvancedTCA",
    "Blade",
    "Blade Enclosure",
    "Tablet",
    "Convertible",
    "Detachable",
    "IoT Gateway",
    "Embedded PC",
    "Mini PC",
    "Stick PC",
];

/// One value, if the firmware says it.
pub fn value(file: &str) -> Option<String> {
    sources::text(format!("/sys/devices/virtual/dmi/id/{file}"))
}

/// All of it; "NA" where nothing is said.
pub fn firmware() -> Dict {
    NAMES
        .iter()
        .map(|(name, file)| {
            let found = value(file).map(|text| match *name {
                "form_factor" => {
                    let number: usize = text.parse().unwrap_or_default();
                    FORMS.get(number).map_or(text, |form| (*form).to_owned())
                }
                _ => text,
            });
            (*name, Value::from(found.unwrap_or_else(|| "NA".to_owned())))
        })
        .collect()
}
