/* Tables of classes and appearances of Bluetooth devices. See bluetooth_class.h. */
#include "schema/bluetooth_class.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    MAJORS = 32,
    MAJOR_PERIPHERAL = 5,
    MAJOR_IMAGING = 6,
    CATEGORIES = 54,
};

struct minor {
    uint8_t major, number;
    const char *name;
};

static const char *const majors[MAJORS];
static const struct minor minors[];
static const size_t minors_count;
static const char *const categories[CATEGORIES];

static unsigned major_of(uint32_t device_class)
{
    return device_class >> 8 & 0x1f;
}

const char *bluetooth_class_major(uint32_t device_class)
{
    const char *name = majors[major_of(device_class)];
    return name ? name : "";
}

static const char *find_minor(unsigned major, unsigned number)
{
    for (size_t i = 0; i < minors_count; i++)
        if (minors[i].major == major && minors[i].number == number)
            return minors[i].name;
    return "";
}

/* Imaging sets a bit for each thing it does: the highest names it. */
static unsigned highest_bit(unsigned bits)
{
    unsigned bit = 32;
    while (bit && !(bits & bit))
        bit >>= 1;
    return bit;
}

const char *bluetooth_class_minor(uint32_t device_class)
{
    unsigned major = major_of(device_class), number = device_class >> 2 & 0x3f;
    if (major == MAJOR_IMAGING)
        return find_minor(major, highest_bit(number));
    if (major != MAJOR_PERIPHERAL)
        return find_minor(major, number);
    const char *name = find_minor(major, number & 0x0f); /* what it is, beside its keys */
    return *name ? name : find_minor(major, number & 0x30);
}

const char *bluetooth_class_appearance(uint16_t appearance)
{
    unsigned category = appearance >> 6;
    return category < CATEGORIES && categories[category] ? categories[category] : "";
}

// clang-format off
static const char *const majors[MAJORS] = {
    [0] = "Miscellaneous", [1] = "Computer", [2] = "Phone", [3] = "Network Access Point",
    [4] = "Audio/Video", [5] = "Peripheral", [6] = "Imaging", [7] = "Wearable", [8] = "Toy",
    [9] = "Health", [31] = "Uncategorized",
};

static const struct minor minors[] = {
    {1, 1, "Desktop"}, {1, 2, "Server"}, {1, 3, "Laptop"}, {1, 4, "Handheld"}, {1, 5, "Palm-size"},
    {1, 6, "Wearable Computer"}, {1, 7, "Tablet"},
    {2, 1, "Cellular Phone"}, {2, 2, "Cordless Phone"}, {2, 3, "Smartphone"}, {2, 4, "Modem"}, {2, 5, "ISDN Access"},
    {4, 1, "Headset"}, {4, 2, "Hands-Free"}, {4, 4, "Microphone"}, {4, 5, "Loudspeaker"}, {4, 6, "Headphones"},
    {4, 7, "Portable Audio"}, {4, 8, "Car Audio"}, {4, 9, "Set-top Box"}, {4, 10, "HiFi Audio"}, {4, 11, "VCR"},
    {4, 12, "Video Camera"}, {4, 13, "Camcorder"}, {4, 14, "Video Monitor"}, {4, 15, "Video Display and Loudspeaker"},
    {4, 16, "Video Conferencing"}, {4, 18, "Gaming Toy"},
    {5, 1, "Joystick"}, {5, 2, "Gamepad"}, {5, 3, "Remote Control"}, {5, 4, "Sensing Device"}, {5, 5, "Digitizer Tablet"},
    {5, 6, "Card Reader"}, {5, 7, "Digital Pen"}, {5, 8, "Handheld Scanner"}, {5, 9, "Gesture Wand"},
    {5, 16, "Keyboard"}, {5, 32, "Pointing Device"}, {5, 48, "Keyboard and Pointing Device"},
    {6, 4, "Display"}, {6, 8, "Camera"}, {6, 16, "Scanner"}, {6, 32, "Printer"},
    {7, 1, "Wristwatch"}, {7, 2, "Pager"}, {7, 3, "Jacket"}, {7, 4, "Helmet"}, {7, 5, "Glasses"},
    {8, 1, "Robot"}, {8, 2, "Vehicle"}, {8, 3, "Doll"}, {8, 4, "Controller"}, {8, 5, "Game"},
    {9, 1, "Blood Pressure Monitor"}, {9, 2, "Thermometer"}, {9, 3, "Weighing Scale"}, {9, 4, "Glucose Meter"},
    {9, 5, "Pulse Oximeter"}, {9, 6, "Heart Rate Monitor"}, {9, 7, "Health Data Display"}, {9, 8, "Step Counter"},
    {9, 9, "Body Composition Analyzer"}, {9, 10, "Peak Flow Monitor"}, {9, 11, "Medication Monitor"},
    {9, 12, "Knee Prosthesis"}, {9, 13, "Ankle Prosthesis"}, {9, 14, "Health Manager"}, {9, 15, "Personal Mobility Device"},
};
static const size_t minors_count = sizeof minors / sizeof *minors;

static const char *const categories[CATEGORIES] = {
    [1] = "Phone", [2] = "Computer", [3] = "Watch", [4] = "Clock", [5] = "Display", [6] = "Remote Control",
    [7] = "Eye-glasses", [8] = "Tag", [9] = "Keyring", [10] = "Media Player", [11] = "Barcode Scanner",
    [12] = "Thermometer", [13] = "Heart Rate Sensor", [14] = "Blood Pressure", [15] = "Human Interface Device",
    [16] = "Glucose Meter", [17] = "Running Walking Sensor", [18] = "Cycling", [19] = "Control Device",
    [20] = "Network Device", [21] = "Sensor", [22] = "Light Fixtures", [23] = "Fan", [24] = "HVAC",
    [25] = "Air Conditioning", [26] = "Humidifier", [27] = "Heating", [28] = "Access Control",
    [29] = "Motorized Device", [30] = "Power Device", [31] = "Light Source", [32] = "Window Covering",
    [33] = "Audio Sink", [34] = "Audio Source", [35] = "Motorized Vehicle", [36] = "Domestic Appliance",
    [37] = "Wearable Audio Device", [38] = "Aircraft", [39] = "AV Equipment", [40] = "Display Equipment",
    [41] = "Hearing Aid", [42] = "Gaming", [43] = "Signage", [49] = "Pulse Oximeter", [50] = "Weight Scale",
    [51] = "Personal Mobility Device", [52] = "Continuous Glucose Monitor", [53] = "Insulin Pump",
};
// clang-format on
