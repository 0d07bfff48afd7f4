import { demo } from "./shell.js";

export default demo((ui) => () => {});
